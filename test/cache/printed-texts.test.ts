import { describe, expect, test } from 'vitest'
import type { PrintScope } from '../../gateway/execution/compile-printer.ts'
import type { RootPlan } from '../../gateway/execution/operation-plan.ts'
import { createPrinter } from '../../gateway/execution/print-root.ts'
import { keepTexts } from '../../gateway/view/kept-texts.ts'

/** A root whose printer writes down its variables and who asks, and counts. */
function setUp({ asksRequest = false, findsOut = false } = {}) {
  const found = { asksRequest, printed: 0 }
  const root: RootPlan = {
    responseKey: 'patient',
    resolve: () => null,
    get asksRequest() {
      return found.asksRequest
    },
    print(value, { variableValues, context }: PrintScope) {
      found.printed++
      found.asksRequest ||= findsOut
      return JSON.stringify({ value, variables: variableValues.coerced, context })
    },
  }
  const print = (value: unknown, context: string, coerced: Readonly<Record<string, unknown>> = {}) => {
    const variableValues = { sources: {}, coerced }
    return JSON.parse(createPrinter(variableValues)(root, value, { variableValues, context }))
  }
  return { printed: () => found.printed, print }
}

function keptView(mostCharacters = 1000): object {
  const view = {}
  keepTexts(view, { mostCharacters })
  return view
}

describe('what was printed of a kept view', () => {
  test('is printed once for the same plan and variables', () => {
    const { printed, print } = setUp()
    const view = keptView()
    print(view, 'one')
    print(view, 'two')
    expect(printed()).toBe(1)
    expect(print(view, 'one', { first: 2 }).variables).toEqual({ first: 2 })
    expect(print(view, 'one', {}).variables).toEqual({})
    print(keptView(), 'one')
    expect(printed()).toBe(3)
  })

  test('is printed each time of a view that is not kept', () => {
    const { printed, print } = setUp()
    const view = {}
    print(view, 'one')
    print(view, 'one')
    expect(printed()).toBe(2)
  })

  test('is printed for each plan by itself', () => {
    const view = keptView()
    const [some, other] = [setUp(), setUp()]
    some.print(view, 'one')
    other.print(view, 'one')
    expect([some.printed(), other.printed()]).toEqual([1, 1])
  })

  test('is printed for each request where it depends on the request, and where that shows only on the way', () => {
    for (const { print } of [setUp({ asksRequest: true }), setUp({ findsOut: true })]) {
      const view = keptView()
      expect([print(view, 'one').context, print(view, 'two').context]).toEqual(['one', 'two'])
    }
  })

  test('is kept as far as there is room, the newest of it', () => {
    const { printed, print } = setUp()
    const [roomy, narrow] = [keptView(1000), keptView(60)]
    for (let first = 0; first < 100; first++) print(roomy, 'one', { first })
    print(roomy, 'one', { first: 99 })
    expect(printed()).toBe(100)
    print(roomy, 'one', { first: 0 })
    expect(printed()).toBe(101)
    print(narrow, 'a context so long that what is printed has no room', {})
    print(narrow, 'a context so long that what is printed has no room', {})
    expect(printed()).toBe(103)
  })
})
