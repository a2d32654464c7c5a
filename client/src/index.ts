export type { Prediction } from './call.ts'
export type { Fetch } from './http.ts'
export {
  type ClassifyOptions,
  type ClientOptions,
  PolarityClient,
  type StreamOptions,
} from './polarity-client.ts'
export { type ErrorCode, type Issue, PolarityError } from './polarity-error.ts'
export type { StreamRow } from './stream.ts'
export type { Explanation, Info, LabelScore, PassagePush, WordPush } from './wire.ts'
