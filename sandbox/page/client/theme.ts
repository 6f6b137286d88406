const key = 'sandbox theme';

/** The last used theme, or what the machine prefers. */
export function restoreTheme(): void {
  const prefersLight = matchMedia('(prefers-color-scheme: light)').matches;
  document.documentElement.dataset['theme'] = localStorage.getItem(key) ?? (prefersLight ? 'light' : 'dark');
}

export function toggleTheme(): void {
  const { dataset } = document.documentElement;
  dataset['theme'] = dataset['theme'] === 'light' ? 'dark' : 'light';
  localStorage.setItem(key, dataset['theme']);
}
