import { DiscordActionRow } from '@skyra/discord-components-core/discord-action-row.js';
import { DiscordAttachments } from '@skyra/discord-components-core/discord-attachments.js';
import { DiscordAuthorInfo } from '@skyra/discord-components-core/discord-author-info.js';
import { DiscordButton } from '@skyra/discord-components-core/discord-button.js';
import { DiscordCommand } from '@skyra/discord-components-core/discord-command.js';
import { DiscordEmbed } from '@skyra/discord-components-core/discord-embed.js';
import { DiscordEmbedDescription } from '@skyra/discord-components-core/discord-embed-description.js';
import { DiscordEmbedField } from '@skyra/discord-components-core/discord-embed-field.js';
import { DiscordEmbedFields } from '@skyra/discord-components-core/discord-embed-fields.js';
import { DiscordEmbedFooter } from '@skyra/discord-components-core/discord-embed-footer.js';
import { DiscordFileAttachment } from '@skyra/discord-components-core/discord-file-attachment.js';
import { DiscordMessage } from '@skyra/discord-components-core/discord-message.js';
import { DiscordMessages } from '@skyra/discord-components-core/discord-messages.js';
import { DiscordReply } from '@skyra/discord-components-core/discord-reply.js';
import { DiscordVerifiedAuthorTag } from '@skyra/discord-components-core/discord-verified-author-tag.js';

/** A web component class, as far as its style matters; Lit applies `elementStyles` to each new element. */
interface Styled {
  elementStyles: unknown[];
}

/** Adds rules after the component's own: colors of the page's theme, and Discord's current look. */
function restyle(component: unknown, rules: string): void {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(rules);
  const styled = component as Styled;
  styled.elementStyles = [...styled.elementStyles, sheet];
}

const font = 'font-family: var(--font)';

const reply = `
  :host { color: var(--muted); ${font}; white-space: nowrap; overflow: hidden; padding-left: 36px; margin-left: 20px; gap: 4px; }
  :host:before { border-color: var(--spine) !important; left: 0; right: auto; width: 30px; margin: -1px 0 -2px; }
  .discord-replied-message-username { color: var(--heading); opacity: .9; }
  .discord-replied-message-username:hover { text-decoration: none; cursor: default; }
  .discord-replied-message-content { overflow: hidden; cursor: default; }
  .discord-replied-message-content:hover { color: inherit; }
`;

/** Called once, before the first message is made. */
export function dressUp(): void {
  restyle(
    DiscordMessages,
    `:host { background: none; border: none; color: var(--text); ${font}; line-height: 1.375; }
     ::slotted(*:not(:first-child)) { margin-top: 1.0625rem; }`,
  );
  restyle(
    DiscordMessage,
    `:host { color: var(--text); ${font}; font-size: 1rem; margin: 0; padding: 2px 48px 2px 16px; }
     :host(:hover) { background: var(--hover); }
     .discord-message-content { min-width: 0; line-height: 1.375rem; padding-top: 0; }
     .discord-author-avatar { margin-top: 2px; } .discord-author-avatar img { cursor: default; background: var(--raised); }
     .discord-message-timestamp, .discord-message-edited, .discord-message-ephemeral { color: var(--muted); }
     .discord-message-timestamp { margin-left: 4px; }
     :host .discord-message-markup { display: block; white-space: pre-wrap; }
     .discord-message-body { line-height: 1.375rem; }
     :host([ephemeral]) { background: var(--ephemeral); padding-right: 48px; } :host([ephemeral]:hover) { background: var(--ephemeral-hover); }
     .discord-message-ephemeral { display: flex; align-items: center; flex-wrap: wrap; gap: 0 4px; }
     .discord-message-ephemeral .discord-message-ephemeral-link { color: var(--link); border-radius: 3px; }
     .discord-message-ephemeral-link:focus-visible { outline: 2px solid var(--focus); outline-offset: 2px; }
     .discord-message-ephemeral-icon { width: 16px; height: 16px; }`,
  );
  restyle(
    DiscordAuthorInfo,
    `:host .discord-author-username { color: var(--heading); }
     :host .discord-author-username:hover { text-decoration: none; cursor: default; }`,
  );
  restyle(DiscordVerifiedAuthorTag, `:host { margin-left: 4px; }`);
  restyle(DiscordReply, reply);
  restyle(
    DiscordCommand,
    `${reply}
     :host .discord-slash-command-name { color: var(--mention) !important; background: var(--mention-ground); }
     :host .discord-slash-command-name:hover { color: var(--mention) !important; background: var(--mention-ground); }
     .discord-context-command-name { color: var(--link) !important; opacity: 1; }`,
  );
  restyle(
    DiscordEmbed,
    `:host { color: var(--text); margin: 4px 0; }
     :host .discord-left-border { background-color: var(--spine); }
     :host .discord-embed-root { flex: 0 1 auto; max-width: 100%; }
     :host .discord-embed-wrapper { background: var(--raised); border: 1px solid var(--line); border-left: 0; max-width: min(520px, 100%); }
     :host([with-media]) .discord-embed-wrapper { max-width: min(432px, 100%); }
     :host .discord-embed-wrapper .discord-embed-grid { display: grid; grid-template-columns: minmax(0, 1fr) auto; padding: .5rem 1rem 1rem .75rem; }
     :host .discord-embed-title, :host .discord-embed-author, :host .discord-embed-author a { color: var(--heading); }
     :host .discord-embed-title a { color: var(--link); }`,
  );
  restyle(
    DiscordEmbedDescription,
    `:host { white-space: pre-wrap; line-height: 1.3; overflow-wrap: anywhere; }`,
  );
  restyle(
    DiscordEmbedField,
    `:host { line-height: 1.3; white-space: pre-wrap; word-break: normal; overflow-wrap: break-word; }
     :host .discord-field-title { color: var(--heading); white-space: normal; }`,
  );
  restyle(DiscordEmbedFields, `:host { grid-gap: 8px; grid-template-columns: minmax(0, 1fr); }`);
  restyle(DiscordEmbedFooter, `:host { color: var(--muted); }`);
  restyle(DiscordActionRow, `:host { gap: 8px; }`);
  restyle(
    DiscordButton,
    `:host > *:first-child { margin: 0; padding: 0 15px; height: 32px; min-height: 32px; min-width: 60px; box-sizing: border-box; border: 1px solid transparent; border-radius: 8px; ${font}; white-space: nowrap; }
     .secondary { background: var(--button); color: var(--button-text); border-color: var(--button-line) !important; }
     .secondary.hoverable:hover { background: var(--button-hover); }
     .primary { background: var(--brand); } .success { background: #1f7a45; } .destructive { background: #cf3a40; }
     button:focus-visible, a:focus-visible { outline: 2px solid var(--focus); outline-offset: 2px; }
     @media (width <= 800px) { :host > *:first-child { min-width: 46px; padding: 0 11px; } }
     :host([pending]) span { opacity: .35; } :host([pending]) > *:first-child { cursor: progress; }
     a svg { width: 16px; height: 16px; margin-left: 6px; }`,
  );
  restyle(DiscordAttachments, `:host { padding: 4px 0; }`);
  restyle(
    DiscordFileAttachment,
    `.discord-file-attachment-mosaic-style { background: var(--raised); border-color: var(--line); }
     .discord-file-attachment-metadata { color: var(--muted); } .discord-button-download-attachment { display: none !important; }`,
  );
}
