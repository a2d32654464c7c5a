import type {
  DescMessage,
  DescMethodUnary,
  MessageInitShape,
  MessageShape,
} from '@bufbuild/protobuf'
import { requestIdHeader } from '../request-id.ts'
import type { Router } from '../router.ts'
import { type ReadMessage, toBody } from './message.ts'
import { OK } from './status.ts'

export const pathOf = ({ parent, name }: DescMethodUnary): string => `/${parent.typeName}/${name}`

/** A function that adds a method which needs no key, and is answered at once. */
export const createUnary =
  (app: Router, readMessage: ReadMessage) =>
  <Request extends DescMessage, Response extends DescMessage>(
    method: DescMethodUnary<Request, Response>,
    answer: (request: MessageShape<Request>) => MessageInitShape<Response>,
  ): void => {
    app.post(pathOf(method), async (c) => {
      const call = {
        deadlineAt: Number.POSITIVE_INFINITY,
        caller: () => c.env.remoteAddress() ?? 'unknown',
      }
      const body = toBody(method.output, answer(await readMessage(c, call, method.input)))
      return new Response(body, { headers: { ...OK, ...requestIdHeader(c) } })
    })
  }
