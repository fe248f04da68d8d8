import { expect, test } from 'vitest'
import { html, pdf } from '../../subgraphs/demo/vocabulary/content.ts'

test('a PDF says at the right byte where each of its objects is', () => {
  const file = pdf('Discharge summary', 'Blood pressure (sitting) 130/80 \\ mmHg').bytes.toString('latin1')
  const table = Number(/startxref\n(\d+)\n%%EOF\n$/.exec(file)?.[1])
  expect(file.slice(table, table + 5)).toBe('xref\n')
  const offsets = [...file.slice(table).matchAll(/^(\d{10}) 00000 n $/gm)].map(([, offset]) => Number(offset))
  expect(offsets.map((offset) => file.slice(offset, offset + 7))).toEqual(
    [1, 2, 3, 4, 5].map((object) => `${object} 0 obj`),
  )
  expect(file).toContain('(Blood pressure \\(sitting\\) 130/80 \\\\ mmHg) Tj')
})

test('a PDF says how long its page is', () => {
  const file = pdf('Ünïcode of Latin-1: 37.1 °C').bytes.toString('latin1')
  const [, length, stream = ''] = /\/Length (\d+) >>\nstream\n([\s\S]*?)\nendstream/.exec(file) ?? []
  expect(stream.length).toBe(Number(length))
})

test('HTML shows what looks like markup as text', () => {
  expect(html('Sodium <135', 'A & B').bytes.toString()).toContain('<h1>Sodium &lt;135</h1>\n<p>A &amp; B</p>')
})
