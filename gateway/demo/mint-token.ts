import { SignJWT } from 'jose'
import { findOrganisationName } from '../../schema/organisations.ts'
import type { PrivateKey } from '../../schema/private-key.ts'

export const demoIssuer = 'https://issuer.share2care.example'
export const demoAudience = 'share2care'

/** The holder of a demo token; the defaults describe a consultant at Liverpool University Hospitals. */
export interface DemoTokenOptions {
  /** SDS job role code. @default R0050 */
  readonly role?: string
  /** ODS code. @default REM */
  readonly organisation?: string
  /** NHS CIS2 user id. @default 555036632103 */
  readonly person?: string
  /** @default Dr Ada Sample */
  readonly name?: string
  /** The role's area of work, as Genito-urinary Medicine. */
  readonly areaOfWork?: string
  /** The person's own NHS number. */
  readonly nhsNumber?: string
  /** The one purpose of use to which the token is limited. */
  readonly purpose?: string
  /** OAuth 2.0 scopes, separated by spaces. @default record */
  readonly scope?: string
  /** @default 12 hours */
  readonly lifeSeconds?: number
}

/** Signs an access token with the demo issuer's key, with the claims of NHS CIS2. Never used in production. */
export function mintToken({ key, keyId }: PrivateKey, options: DemoTokenOptions = {}): Promise<string> {
  const {
    role = 'R0050',
    organisation = 'REM',
    person = '555036632103',
    name = 'Dr Ada Sample',
    lifeSeconds = 12 * 60 * 60,
  } = options
  const { areaOfWork, nhsNumber, purpose, scope = 'record' } = options
  const roleId = `${person}-${role}-${organisation}`
  const claims = {
    name,
    nhsid_useruid: person,
    selected_roleid: roleId,
    nhsid_nrbac_roles: [
      {
        person_roleid: roleId,
        role_code: role,
        org_code: organisation,
        org_name: findOrganisationName(organisation) ?? undefined,
        ...(areaOfWork === undefined ? {} : { aow: [areaOfWork] }),
      },
    ],
    ...(nhsNumber === undefined ? {} : { nhs_number: nhsNumber }),
    scope,
    ...(purpose === undefined ? {} : { purpose_of_use: purpose }),
  }
  return new SignJWT(claims)
    .setProtectedHeader({ alg: 'Ed25519', kid: keyId, typ: 'at+jwt' })
    .setIssuer(demoIssuer)
    .setAudience(demoAudience)
    .setSubject(person)
    .setIssuedAt()
    .setExpirationTime(`${lifeSeconds} s`)
    .sign(key)
}
