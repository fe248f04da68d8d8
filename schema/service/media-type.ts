const token = "[!#$%&'*+.^_`|~0-9A-Za-z-]+"
const quotedString = '"(?:[\\t !#-\\[\\]-~]|\\\\[\\t -~])*"'
const mediaType = new RegExp(`^${token}/${token}(?:[ \\t]*;[ \\t]*${token}=(?:${token}|${quotedString}))*$`)
/** Longer than any registered type with its parameters. */
const longest = 255

/** Whether a text is a media type (RFC 9110, 8.3.1) that a header of ASCII can bear. */
export function isMediaType(text: string): boolean {
  return text.length <= longest && mediaType.test(text)
}

/** The value of Content-Type for content whose publisher called it so: bytes of no known type where that is no media type. */
export function toContentType(text: string): string {
  return isMediaType(text) ? text : 'application/octet-stream'
}
