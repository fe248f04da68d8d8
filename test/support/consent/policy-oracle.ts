import type {
  AccessFacts,
  Barrier,
  ItemOutcome,
  OverrideReason,
  PatientFacts,
  PermissionBasis,
  ReleaseClass,
  ReleaseFacts,
} from '../../../schema/policies/facts.ts'

/** What consent.md says, once more and apart from the policies: written from its text, to compare with. */
export interface Oracle {
  access(facts: AccessFacts): string
  release(facts: ReleaseFacts): OracleRelease
  item(facts: ReleaseFacts, kind: ReleaseClass): ItemOutcome
  breaks(facts: ReleaseFacts, barrier: Barrier, reason: OverrideReason): boolean
  /** Whether care staff may record the patient's permission; of whom else may, consent.md says nothing. */
  permits(facts: ReleaseFacts, basis: PermissionBasis): boolean
}

export interface OracleRelease {
  readonly code: string
  readonly concealed: boolean
  readonly alert: boolean
  readonly breakGlass: readonly (readonly [Barrier, readonly OverrideReason[]])[]
}

export type OracleRegion = 'cheshire-merseyside' | 'lancashire-south-cumbria'

const allReasons: readonly OverrideReason[] = [
  'EMERGENCY',
  'VITAL_INTERESTS',
  'PUBLIC_INTEREST',
  'STATUTE',
  'COURT_ORDER',
]
const groups = {
  clinician: ['R0050', 'R0260', 'R0620', 'R0680', 'R1070', 'R8000', 'R8001', 'R8003'],
  pharmacist: ['R1290'],
  social: ['R1330', 'R8014'],
  administrative: ['R8006', 'R8008', 'R8010'],
  student: ['R8004'],
}
const is = (group: keyof typeof groups, { role }: AccessFacts) => groups[group].includes(role)

const has = (list: readonly string[] | undefined, ...values: readonly string[]) =>
  (list ?? []).some((one) => values.includes(one))

/** The oracle of one region. */
export function createOracle(region: OracleRegion): Oracle {
  const isCm = region === 'cheshire-merseyside'
  const own = isCm ? 'CHESHIRE_MERSEYSIDE' : 'LANCASHIRE_SOUTH_CUMBRIA'
  const partner = isCm ? 'LANCASHIRE_SOUTH_CUMBRIA' : 'CHESHIRE_MERSEYSIDE'
  const isOwn = ({ regions }: AccessFacts) => regions.includes(own)

  const access = (facts: AccessFacts): string => {
    if (facts.purpose !== 'DIRECT_CARE' && facts.purpose !== 'EMERGENCY') return 'REFUSED_PURPOSE'
    // Five years from April 2026; both ends are in British Summer Time.
    const isInForce =
      facts.nowMs >= Date.parse('2026-03-31T23:00:00Z') && facts.nowMs < Date.parse('2031-03-31T23:00:00Z')
    if (!isOwn(facts) && !(facts.regions.includes(partner) && is('clinician', facts) && isInForce))
      return 'REFUSED_AGREEMENT'
    if (is('clinician', facts) || is('pharmacist', facts) || is('administrative', facts)) return 'PERMITTED'
    if (is('social', facts)) return isCm ? 'PERMITTED' : 'REFUSED_ROLE'
    return is('student', facts) && !isCm && facts.supervised ? 'PERMITTED' : 'REFUSED_ROLE'
  }

  const knows = ({ patient }: ReleaseFacts): boolean => {
    if (patient === null) return false
    const { encounterDays, referralDays, registrationDays } = patient.relationship
    if (isCm) return [encounterDays, referralDays, registrationDays].some((days) => days !== null && days <= 90)
    return encounterDays !== null || referralDays !== null || registrationDays === 0
  }
  const claims = (facts: ReleaseFacts) => facts.claim !== null && (isCm || is('clinician', facts))

  const takes = (facts: ReleaseFacts, barrier: Barrier): readonly OverrideReason[] => {
    if (!is('clinician', facts)) return []
    if (isCm)
      return {
        OPT_OUT: ['VITAL_INTERESTS', 'STATUTE', 'COURT_ORDER'],
        PERMISSION: ['EMERGENCY', 'PUBLIC_INTEREST', 'STATUTE'],
        CONFIDENTIALITY: ['EMERGENCY', 'VITAL_INTERESTS'],
      }[barrier] as OverrideReason[]
    if (barrier === 'OPT_OUT') return ['EMERGENCY']
    return barrier === 'CONFIDENTIALITY' && isOwn(facts) ? ['EMERGENCY'] : []
  }
  const isGranted = (facts: ReleaseFacts, patient: PatientFacts, barrier: Barrier) =>
    patient.grants.some(
      (grant) =>
        grant.barrier === barrier && grant.untilMs > facts.nowMs && takes(facts, barrier).includes(grant.reason),
    )

  const isConcealed = (facts: ReleaseFacts, patient: PatientFacts): boolean => {
    if (!patient.verified) return true
    if (patient.deceased && (patient.deceasedDays === null || patient.deceasedDays > 28)) return true
    if (patient.sensitive && isCm) return true
    return patient.optOuts.whole && (isCm ? !is('clinician', facts) : is('administrative', facts))
  }
  const asksPermission = (facts: ReleaseFacts, patient: PatientFacts): boolean => {
    if (!isCm) return false
    if (patient.permissionUntilMs !== null && patient.permissionUntilMs > facts.nowMs) return false
    if (facts.reason === 'CLINIC_PREPARATION' && knows(facts)) return false
    return !(facts.role === 'R1070' && facts.purpose === 'EMERGENCY')
  }

  const decide = (facts: ReleaseFacts): OracleRelease => {
    const refuse = (code: string, barriers: readonly Barrier[] = [], alert = false): OracleRelease => ({
      code,
      concealed: false,
      alert,
      breakGlass: barriers
        .map((barrier) => [barrier, allReasons.filter((reason) => takes(facts, barrier).includes(reason))] as const)
        .filter(([, reasons]) => reasons.length > 0),
    })
    const { patient } = facts
    const isSelf = facts.ownNumber || patient?.viewersOwn === true
    if (!knows(facts) && !claims(facts)) return refuse('RELATIONSHIP_REQUIRED', [], facts.ownNumber)
    if (isSelf) return refuse('REFUSED_SELF', [], true)
    const alert = !knows(facts)
    if (patient === null) return { code: 'PERMITTED', concealed: true, alert, breakGlass: [] }
    const optOut = patient.optOuts.whole
    const permission = asksPermission(facts, patient)
    const standing = (['OPT_OUT', 'PERMISSION'] as const).filter(
      (barrier) => (barrier === 'OPT_OUT' ? optOut : permission) && !isGranted(facts, patient, barrier),
    )
    if (standing.length > 0)
      return refuse(standing[0] === 'OPT_OUT' ? 'REFUSED_OPT_OUT' : 'PERMISSION_REQUIRED', standing)
    const opened = isGranted(facts, patient, 'CONFIDENTIALITY')
    const isOverridden = optOut || (permission && isGranted(facts, patient, 'PERMISSION')) || opened
    return {
      ...refuse(isOverridden ? 'OVERRIDDEN' : 'PERMITTED', opened ? [] : ['CONFIDENTIALITY']),
      alert: alert || isOverridden,
    }
  }

  const seen = (facts: ReleaseFacts): ReleaseFacts =>
    facts.patient && isConcealed(facts, facts.patient) ? { ...facts, patient: null } : facts

  const release = (facts: ReleaseFacts): OracleRelease => {
    const code = access(facts)
    return code === 'PERMITTED' ? decide(seen(facts)) : { code, concealed: false, alert: false, breakGlass: [] }
  }

  const breaks = (facts: ReleaseFacts, barrier: Barrier, reason: OverrideReason): boolean => {
    const before = seen(facts.patient ? { ...facts, patient: { ...facts.patient, grants: [] } } : facts)
    if (access(facts) !== 'PERMITTED' || before.patient === null) return false
    const { code } = decide(before)
    if (!['PERMITTED', 'REFUSED_OPT_OUT', 'PERMISSION_REQUIRED'].includes(code)) return false
    const stands = {
      OPT_OUT: before.patient.optOuts.whole,
      PERMISSION: asksPermission(before, before.patient),
      CONFIDENTIALITY: true,
    }[barrier]
    return stands && takes(facts, barrier).includes(reason)
  }

  // Alike for known, unknown and concealed numbers: of a patient without relationship no more is told than of a number
  // never seen.
  const permits = (facts: ReleaseFacts, basis: PermissionBasis): boolean => {
    const patient = knows(seen(facts)) || claims(facts) ? seen(facts).patient : null
    if (!isCm || access(facts) !== 'PERMITTED' || facts.ownNumber || patient?.viewersOwn) return false
    return basis === 'CARE_EPISODE_24_HOURS' || patient?.relationship.inpatient === true
  }

  const item = (facts: ReleaseFacts, kind: ReleaseClass): ItemOutcome => {
    const { patient } = facts
    const { code, concealed } = release(facts)
    if (patient === null || concealed || !['PERMITTED', 'OVERRIDDEN'].includes(code)) return 'hidden'
    if (isSilent(facts, patient, kind)) return 'hidden'
    return isToldWithheld(facts, patient, kind) || !isOfRole(facts, kind) ? 'withheld' : 'release'
  }

  const isSilent = (
    facts: ReleaseFacts,
    patient: PatientFacts,
    { section, labels, settings, types, exclusionSets, source = '' }: ReleaseClass,
  ): boolean => {
    const isDocument = section === 'documents'
    if (has(labels, 'SEALED') || has(exclusionSets, 'FERTILITY', 'GENDER') || has(settings, '896974005')) return true
    const isGum =
      has(exclusionSets, 'TERMINATION', 'STI') ||
      has(labels, 'STD', 'HIV') ||
      has(settings, '788122004', '830039004', '24101000087102')
    if (isGum && !(isCm && isOwn(facts) && is('clinician', facts) && facts.areaOfWork === 'GENITOURINARY_MEDICINE'))
      return true
    const isMentalHealth = isDocument && (has(settings, '708168004') || has(labels, 'PSY'))
    const isCrisisPlan = has(types, '736253002')
    const isDischarge = has(types, '373942005', '823701000000103', '824331000000106')
    if (isMentalHealth && isCm && !isCrisisPlan && !isDischarge) {
      if (!(is('clinician', facts) && facts.reason === 'MENTAL_HEALTH_CARE')) return true
      if (!isOwn(facts) && ['RXA', 'RW4'].includes(source)) return true
    }
    if (isMentalHealth && !isCm && !isOwn(facts) && !isCrisisPlan) return true
    if (section !== 'alerts' && (has(labels, 'SDV') || has(settings, '1326421000000106'))) return true
    if (isCm && section === 'alerts' && has(labels, 'SDV') && !is('clinician', facts) && !is('social', facts))
      return true
    if (!isCm && patient.sensitive && section !== 'demographics') return true
    if (!isCm && patient.deceased && !isDocument) return true
    if (!isCm && /^\d\d\d$/.test(source) && !isOwn(facts)) return true
    if ((patient.age === null || patient.age < 16) && has(labels, 'SEX', 'STD', 'PSY', 'SDV')) {
      if (isCm) return source === '' || source !== facts.organisation
      return !(knows(facts) && (facts.reason === 'SAFEGUARDING' || facts.reason === 'MENTAL_HEALTH_CARE'))
    }
    return false
  }

  const isToldWithheld = (
    facts: ReleaseFacts,
    patient: PatientFacts,
    { labels, source = '' }: ReleaseClass,
  ): boolean => {
    const opened = isGranted(facts, patient, 'CONFIDENTIALITY')
    const permitted = patient.permissionUntilMs !== null && patient.permissionUntilMs > facts.nowMs
    const { sources } = patient.optOuts
    if (
      sources.includes(source) ||
      (source !== '' && sources.includes('')) ||
      (sources.length > 0 && source.includes(' '))
    )
      return true
    if (has(labels, 'R') && !(is('clinician', facts) && (!isCm || permitted || opened))) return true
    if (has(labels, 'V') && !opened) return true
    if (!/^\d\d\d$/.test(source)) return false
    return isCm ? !(is('social', facts) || facts.role === 'R0260' || facts.role === 'R8001') : !is('clinician', facts)
  }

  const isOfRole = (
    facts: ReleaseFacts,
    { section, content, categories, types, source = '', labels }: ReleaseClass,
  ): boolean => {
    if (isCm && facts.role === 'R1070') {
      const plans = [
        '887701000000100',
        '736253002',
        '1382601000000107',
        '736373009',
        '861421000000109',
        '735324008',
        '2181441000000107',
      ]
      const isPlan = has(categories, '734163000') || has(types, ...plans, '824321000000109', '887181000000106')
      return (
        ['demographics', 'alerts', 'allergies', 'problems', 'medications', 'carePlans'].includes(section) ||
        (section === 'documents' && isPlan)
      )
    }
    if (is('clinician', facts) || is('student', facts)) return true
    if (is('pharmacist', facts))
      return (isCm ? ['medications', 'allergies', 'problems', 'results'] : ['medications', 'allergies']).includes(
        section,
      )
    if (is('administrative', facts))
      return (
        section === 'demographics' ||
        (isCm && (section === 'appointments' || (section === 'documents' && content !== true)))
      )
    return /^\d\d\d$/.test(source) || (section === 'alerts' && has(labels, 'SDV'))
  }

  return { access, release, item, breaks, permits }
}
