/** A document's bytes and what they are. */
export interface Content {
  readonly contentType: 'text/plain' | 'text/html' | 'application/pdf'
  readonly bytes: Buffer
}

export function plainText(...lines: readonly string[]): Content {
  return { contentType: 'text/plain', bytes: Buffer.from(`${lines.join('\n')}\n`) }
}

export function html(heading: string, ...paragraphs: readonly string[]): Content {
  const body = [`<h1>${escapeHtml(heading)}</h1>`, ...paragraphs.map((text) => `<p>${escapeHtml(text)}</p>`)].join('\n')
  return {
    contentType: 'text/html',
    bytes: Buffer.from(
      `<!doctype html>\n<html lang="en-GB">\n<head><meta charset="utf-8"><title>${escapeHtml(heading)}</title></head>\n<body>\n${body}\n</body>\n</html>\n`,
    ),
  }
}

/**
 * A PDF 1.4 of one A4 page of Helvetica, with the cross-reference table that strict readers insist on; Latin-1 text
 * only.
 */
export function pdf(...lines: readonly string[]): Content {
  const text = [
    'BT /F1 12 Tf 72 770 Td 18 TL',
    ...lines.map((line) => `(${line.replace(/[\\()]/g, '\\$&')}) Tj T*`),
    'ET',
  ].join('\n')
  const objects = [
    '<< /Type /Catalog /Pages 2 0 R >>',
    '<< /Type /Pages /Kids [3 0 R] /Count 1 >>',
    '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>',
    `<< /Length ${text.length} >>\nstream\n${text}\nendstream`,
    '<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>',
  ]
  let file = '%PDF-1.4\n'
  let table = '0000000000 65535 f \n'
  for (const [index, object] of objects.entries()) {
    table += `${String(file.length).padStart(10, '0')} 00000 n \n`
    file += `${index + 1} 0 obj\n${object}\nendobj\n`
  }
  const size = objects.length + 1
  file += `xref\n0 ${size}\n${table}trailer\n<< /Size ${size} /Root 1 0 R >>\nstartxref\n${file.length}\n%%EOF\n`
  return { contentType: 'application/pdf', bytes: Buffer.from(file, 'latin1') }
}

function escapeHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;')
}
