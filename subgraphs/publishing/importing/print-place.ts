/** Where a Bundle stands: its file, and of an .ndjson file the line. */
export function printPlace({ file, line }: { readonly file: string; readonly line: number | null }): string {
  return line === null ? file : `${file}, line ${line}`
}
