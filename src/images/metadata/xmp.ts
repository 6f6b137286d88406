/** What a picture says about itself. */
export interface PictureFacts {
  /** In Midjourney's own language; empty if it was made without words. */
  readonly prompt: string;
  /** The id of the task that made it. */
  readonly id: string;
  /** The program that delivers it. */
  readonly tool: string;
  /** Whether it shows what was in somebody's picture, too. */
  readonly isComposite: boolean;
}

/** IPTC NewsCodes, Digital Source Type: what search engines and social networks read to label pictures made by AI. */
const sourceTypes = 'http://cv.iptc.org/newscodes/digitalsourcetype/';

/**
 * An XMP packet (ISO 16684-1) with the properties that viewers show: Dublin Core's description and identifier, and IPTC's
 * digital source type. Midjourney's own downloads have the same source type.
 */
export function toXmp({ prompt, id, tool, isComposite }: PictureFacts): Buffer {
  const source = isComposite ? 'compositeWithTrainedAlgorithmicMedia' : 'trainedAlgorithmicMedia';
  const description =
    prompt === ''
      ? ''
      : `<dc:description><rdf:Alt><rdf:li xml:lang="x-default">${escapeXml(prompt)}</rdf:li></rdf:Alt></dc:description>`;
  return Buffer.from(
    [
      '<?xpacket begin="\uFEFF" id="W5M0MpCehiHzreSzNTczkc9d"?>',
      '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">',
      '<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/"',
      ' xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmlns:Iptc4xmpExt="http://iptc.org/std/Iptc4xmpExt/2008-02-29/">',
      `<dc:identifier>${escapeXml(id)}</dc:identifier>`,
      description,
      `<xmp:CreatorTool>${escapeXml(tool)}</xmp:CreatorTool>`,
      `<Iptc4xmpExt:DigitalSourceType>${sourceTypes}${source}</Iptc4xmpExt:DigitalSourceType>`,
      '</rdf:Description></rdf:RDF></x:xmpmeta>',
      '<?xpacket end="r"?>',
    ].join(''),
  );
}

/** Without the characters that XML 1.0 can't have, even escaped. */
function escapeXml(text: string): string {
  return text
    .toWellFormed()
    .replace(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, '')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;');
}
