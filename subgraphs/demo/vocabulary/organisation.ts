import { findOrganisationName } from '../../../schema/organisations.ts'

/** Who publishes, by ODS code. */
export interface Organisation {
  readonly odsCode: string
  readonly name: string
}

/** An NHS organisation of `schema/organisations.json`. */
function trust(odsCode: string): Organisation {
  const name = findOrganisationName(odsCode)
  if (name === null) throw new Error(`Organisation ${odsCode} is not in schema/organisations.json`)
  return { odsCode, name }
}

export const liverpoolHospitals = trust('REM')
export const merseyWestLancs = trust('RBN')
export const wirralHospital = trust('RBL')
export const countessOfChester = trust('RJR')
export const warringtonHalton = trust('RWW')
export const heartAndChest = trust('RBQ')
export const waltonCentre = trust('RET')
export const liverpoolWomens = trust('REP')
export const alderHey = trust('RBS')
export const cheshireWirralPartnership = trust('RXA')
export const merseyCare = trust('RW4')
export const lancashireTeaching = trust('RXN')
export const blackpoolHospitals = trust('RXL')
export const eastLancashire = trust('RXR')
export const morecambeBay = trust('RTX')
export const lancashireCare = trust('RW5')
export const ambulance = trust('RX7')

/** Where the demo's viewer works, unless a token says otherwise. */
export const viewersOrganisation = liverpoolHospitals

/** Made-up practices: the codes have the form of their area's, the names are nobody's. */
export const moorSide: Organisation = { odsCode: 'P81015', name: 'Moor Side Surgery, Ormskirk' }
export const tawdValley: Organisation = { odsCode: 'P81039', name: 'Tawd Valley Medical Centre, Skelmersdale' }
export const ribbleBank: Organisation = { odsCode: 'P81072', name: 'Ribble Bank Practice, Preston' }
export const promenade: Organisation = { odsCode: 'P81054', name: 'Promenade Health Centre, Blackpool' }
export const lordStreet: Organisation = { odsCode: 'N84012', name: 'Lord Street Surgery, Southport' }
export const sandstone: Organisation = { odsCode: 'N81002', name: 'Sandstone Ridge Surgery, Frodsham' }
export const dockside: Organisation = { odsCode: 'N82054', name: 'Dockside Family Practice, Liverpool' }
export const wirralShore: Organisation = { odsCode: 'N85018', name: 'Shore Road Surgery, Birkenhead' }
export const sankey: Organisation = { odsCode: 'N81041', name: 'Sankey Bridge Medical Centre, Warrington' }

/** Local authorities have ODS codes of three digits. */
export const lancashireCouncil: Organisation = { odsCode: '323', name: 'Lancashire County Council' }
