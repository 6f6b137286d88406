import { keepCompiledCode } from './compile-cache.ts';

keepCompiledCode();
await import('./main.ts');
