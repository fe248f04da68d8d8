/** A page of the gateway's own, for a browser. What it shows it fetches itself, with the token that is given to it there. */
export interface Page {
  /** Where it is found, as `/ops`. */
  readonly path: string
  readonly title: string
  /** The HTML of its main part: words of this project's alone, never of a request's. */
  readonly main: string
  /** The module that runs in it, as `operations/browser/operations-page.js`; its folder is served beside it. */
  readonly module: string
  /** Styles of its own, in the same folder. */
  readonly styles?: string
}
