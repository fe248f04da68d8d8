/** What stands in place of a document's title where the patient's location is protected: a title may name a place (consent.md, Location). */
export const hiddenTitle = "Title not shown: this patient's location is protected"
