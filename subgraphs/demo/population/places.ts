import { findOrganisationName } from '../../../schema/organisations.ts'
import { specialties } from '../codes/care.ts'
import { type Concept, words } from '../vocabulary/concept.ts'
import {
  dockside,
  lordStreet,
  moorSide,
  type Organisation,
  promenade,
  ribbleBank,
  sandstone,
  sankey,
  tawdValley,
  wirralShore,
} from '../vocabulary/organisation.ts'
import type { DemoRegion } from '../vocabulary/person.ts'
import type { Weighted } from './random.ts'

/** Where people live, and who looks after them there. */
export interface Place {
  readonly town: string
  readonly outcodes: readonly string[]
  readonly practices: readonly Organisation[]
  /** The hospital, and the trust for mental health. */
  readonly acute: Organisation
  readonly mentalHealth: Organisation
}

/** Real towns, by how many live there; the border band's apart: its people have part of their record in each region. */
export interface Places {
  readonly inland: Weighted<Place>
  readonly border: Weighted<Place>
  /** Hospitals that patients of the whole region are sent to. */
  readonly specialists: readonly Specialist[]
}

export interface Specialist {
  readonly organisation: Organisation
  readonly specialty: Concept
  /** @default everybody from 16 on */
  readonly treats?: 'women' | 'children'
}

export const paediatrics = words('Paediatrics')

export const places: Readonly<Record<DemoRegion, Places>> = {
  'cheshire-merseyside': {
    inland: [
      [48, place('Liverpool', 'L4 L8 L11 L15 L17 L19 L25', 'REM', 'RW4', 'N82901', [dockside])],
      [16, place('Birkenhead', 'CH41 CH42 CH43', 'RBL', 'RXA', 'N85901', [wirralShore])],
      [6, place('Wallasey', 'CH44 CH45', 'RBL', 'RXA', 'N85903')],
      [9, place('Chester', 'CH1 CH2 CH3', 'RJR', 'RXA', 'N81901')],
      [6, place('Ellesmere Port', 'CH65 CH66', 'RJR', 'RXA', 'N81903')],
      [4, place('Frodsham', 'WA6', 'RJR', 'RXA', 'N81905', [sandstone])],
      [16, place('Warrington', 'WA1 WA2 WA4 WA5', 'RWW', 'RW4', 'N81907', [sankey])],
      [6, place('Widnes', 'WA8', 'RWW', 'RW4', 'N81909')],
      [6, place('Runcorn', 'WA7', 'RWW', 'RW4', 'N81911')],
      [10, place('St Helens', 'WA9 WA10 WA11', 'RBN', 'RW4', 'N83901')],
      [7, place('Bootle', 'L20 L30', 'REM', 'RW4', 'N84901')],
      [5, place('Kirkby', 'L32 L33', 'REM', 'RW4', 'N83903')],
      [7, place('Crewe', 'CW1 CW2', 'RBT', 'RXA', 'N81913')],
      [5, place('Macclesfield', 'SK10 SK11', 'RJN', 'RXA', 'N81915')],
    ],
    border: [
      [9, place('Southport', 'PR8 PR9', 'RBN', 'RW4', 'N84903', [lordStreet])],
      [3, place('Formby', 'L37', 'RBN', 'RW4', 'N84905')],
      [3, place('Maghull', 'L31', 'REM', 'RW4', 'N84907')],
    ],
    specialists: [
      { organisation: trust('RBQ'), specialty: specialties.cardiology },
      { organisation: trust('RET'), specialty: specialties.neurology },
      { organisation: trust('REN'), specialty: words('Clinical oncology') },
      { organisation: trust('REP'), specialty: words('Gynaecology'), treats: 'women' },
      { organisation: trust('RBS'), specialty: paediatrics, treats: 'children' },
    ],
  },
  'lancashire-south-cumbria': {
    inland: [
      [14, place('Preston', 'PR1 PR2', 'RXN', 'RW5', 'P81901', [ribbleBank])],
      [10, place('Chorley', 'PR6 PR7', 'RXN', 'RW5', 'P81903')],
      [6, place('Leyland', 'PR25', 'RXN', 'RW5', 'P81905')],
      [14, place('Blackpool', 'FY1 FY2 FY3 FY4', 'RXL', 'RW5', 'P81907', [promenade])],
      [6, place('Lytham St Annes', 'FY8', 'RXL', 'RW5', 'P81909')],
      [4, place('Fleetwood', 'FY7', 'RXL', 'RW5', 'P81911')],
      [14, place('Blackburn', 'BB1 BB2', 'RXR', 'RW5', 'P81913')],
      [10, place('Burnley', 'BB10 BB11', 'RXR', 'RW5', 'P81915')],
      [7, place('Accrington', 'BB5', 'RXR', 'RW5', 'P81917')],
      [6, place('Nelson', 'BB9', 'RXR', 'RW5', 'P81919')],
      [7, place('Lancaster', 'LA1', 'RTX', 'RW5', 'P81921')],
      [6, place('Morecambe', 'LA3 LA4', 'RTX', 'RW5', 'P81923')],
      [5, place('Kendal', 'LA9', 'RTX', 'RW5', 'A82901')],
      [6, place('Barrow-in-Furness', 'LA13 LA14', 'RTX', 'RW5', 'A82903')],
    ],
    border: [
      [5, place('Ormskirk', 'L39', 'RXN', 'RW5', 'P81929', [moorSide])],
      [7, place('Skelmersdale', 'WN8', 'RXN', 'RW5', 'P81925', [tawdValley])],
      [3, place('Burscough', 'L40', 'RXN', 'RW5', 'P81931')],
      [2, place('Tarleton', 'PR4', 'RXN', 'RW5', 'P81927')],
    ],
    specialists: [
      { organisation: trust('RXN'), specialty: specialties.neurology },
      { organisation: trust('RXL'), specialty: specialties.cardiology },
    ],
  },
}

/**
 * The hospital's trust and the one for mental health; `firstCode` is of the first of two made-up practices beside the
 * stories'.
 */
function place(
  town: string,
  outcodes: string,
  acute: string,
  mentalHealth: string,
  firstCode: string,
  known: readonly Organisation[] = [],
): Place {
  const practice = (name: string, index: number): Organisation => ({
    odsCode: firstCode.slice(0, 3) + (Number(firstCode.slice(3)) + index),
    name: `${name}, ${town}`,
  })
  return {
    town,
    outcodes: outcodes.split(' '),
    practices: [...known, ...['Park View Medical Centre', 'Station Road Surgery'].map(practice)],
    acute: trust(acute),
    mentalHealth: trust(mentalHealth),
  }
}

export const ambulance = trust('RX7')

/** An NHS organisation of `schema/organisations.json`. */
function trust(odsCode: string): Organisation {
  const name = findOrganisationName(odsCode)
  if (name === null) throw new Error(`Organisation ${odsCode} is not in schema/organisations.json`)
  return { odsCode, name }
}
