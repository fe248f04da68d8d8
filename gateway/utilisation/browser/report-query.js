/**
 * The whole report, as the page and the command ask for it: the published operation
 * schema/operations/utilisation-report.graphql, so that it is answered where only those are.
 */
export const reportQuery = `# For the programme office: the weekly utilisation report of \`week\`, as 2026-W47; without it, of the last week that is over.
query UtilisationReport($week: String) {
  utilisation(week: $week) {
    week
    from
    until
    over
    complete
    message
    trailAsOf
    trailSince
    looks
    completeLooks
    completeShare
    regions {
      region { code name applicationName }
      status
      asOf
      documentsPublished
      documentsPublishedThisWeek
      documentsByOrganisation { ...Published }
      documentsByType { ...Published }
      documentsByOrganisationAndType { ...Published }
      documentTrend { weeks { ...Trend } months { ...Trend } }
      asked
      views
      viewsByRegionOfViewer { region views }
      viewsFromElsewhere
      shareFromElsewhere
      viewsElsewhere
      shareElsewhere
      viewsByOrganisation { organisation { odsCode name } region views }
      viewsByRole { role { code display } views }
      outcomes { status decision count }
      viewTrend { weeks { ...Trend } months { ...Trend } }
      documentsOpened
      glassBroken
      latencyP50Ms
      latencyP95Ms
    }
    history { region applicationName measure dates count mean source }
  }
}

fragment Published on PublishedCount {
  organisation { odsCode name }
  type { code display }
  published
  publishedThisWeek
}

fragment Trend on UtilisationTrend {
  periods { period count }
  known
  total
  mean
}
`
