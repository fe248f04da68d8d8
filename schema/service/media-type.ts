const token = "[!#$%&'*+.^_`|~0-9A-Za-z-]+"
const quotedString = '"(?:[\\t !#-\\[\\]-~]|\\\\[\\t -~])*"'
const mediaType = new RegExp(`^${token}/${token}(?:[ \\t]*;[ \\t]*${token}=(?:${token}|${quotedString}))*$`)
/** Longer than any registered media type with its parameters. */
const longest = 255

/** Whether a text is a media type (RFC 9110, section 8.3.1) in ASCII, so that a header can carry it. */
export function isMediaType(text: string): boolean {
  return text.length <= longest && mediaType.test(text)
}

/** The Content-Type for stored content: the publisher's media type, or application/octet-stream if that is invalid. */
export function toContentType(text: string): string {
  return isMediaType(text) ? text : 'application/octet-stream'
}
