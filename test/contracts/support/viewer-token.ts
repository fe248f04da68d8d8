import { SignJWT } from 'jose'
import { keyId, loadSigningKey } from './fixed-keys.ts'

export const tokenIssuer = 'https://issuer.example'
export const tokenAudience = 'share2care'

/** A consultant's access token in the words of NHS CIS2, the same bytes each time for one instant. */
export async function signViewerToken(nowMs: number): Promise<string> {
  const nowSeconds = Math.floor(nowMs / 1000)
  return new SignJWT({
    name: 'Dr Zoë Ashworth',
    nhsid_useruid: '555000000001',
    selected_roleid: 'role-1',
    nhsid_nrbac_roles: [
      {
        person_roleid: 'role-1',
        role_code: 'R0050',
        org_code: 'REM',
        org_name: 'Liverpool University Hospitals NHS Foundation Trust',
      },
    ],
    scope: 'record',
  })
    .setProtectedHeader({ alg: 'Ed25519', kid: keyId, typ: 'at+jwt' })
    .setIssuer(tokenIssuer)
    .setAudience(tokenAudience)
    .setSubject('555000000001')
    .setIssuedAt(nowSeconds)
    .setExpirationTime(nowSeconds + 600)
    .sign(await loadSigningKey())
}
