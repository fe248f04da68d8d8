const count = '{ organisation { odsCode name } type { code display } published publishedThisWeek }'
const trend = '{ periods { period count } total mean }'

/** The whole report, as the page and the command ask for it. */
export const reportQuery = `query UtilisationReport($week: String) {
  utilisation(week: $week) {
    week from until over complete message trailAsOf looks completeLooks completeShare
    regions {
      region { code name applicationName } status asOf
      documentsPublished documentsPublishedThisWeek
      documentsByOrganisation ${count} documentsByType ${count} documentsByOrganisationAndType ${count}
      documentTrend { weeks ${trend} months ${trend} }
      asked views viewsByRegionOfViewer { region views } viewsFromElsewhere shareFromElsewhere viewsElsewhere shareElsewhere
      viewsByOrganisation { organisation { odsCode name } region views } viewsByRole { role { code display } views }
      outcomes { status decision count }
      viewTrend { weeks ${trend} months ${trend} }
      documentsOpened glassBroken latencyP50Ms latencyP95Ms
    }
    history { region applicationName measure dates count mean source }
  }
}`
