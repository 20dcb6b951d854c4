/** The package has no types of its own; these are those of version 2.1.0 and passport-oauth2 1.8.0 that we use. */
declare module 'passport-atlassian-oauth2' {
  import type { Strategy as PassportStrategy } from 'passport';

  /** Keeps state and PKCE verifier between the two halves; the number of parameters selects this form. */
  export interface PkceStateStore {
    store(
      req: unknown,
      verifier: string,
      state: unknown,
      meta: unknown,
      done: (error: Error | null, state?: string) => void,
    ): void;
    verify(
      req: unknown,
      state: string,
      meta: unknown,
      done: (error: Error | null, verifier: string | false, info?: unknown) => void,
    ): void;
  }

  export interface Options {
    clientID: string;
    clientSecret: string;
    callbackURL: string;
    scope: string[];
    authorizationURL: string;
    store: PkceStateStore;
    pkce: 'S256';
  }

  type Verified = (error: unknown, user?: unknown) => void;

  export default class Strategy extends PassportStrategy {
    constructor(
      options: Options,
      verify: (access: string, refresh: unknown, params: unknown, profile: unknown, done: Verified) => void,
    );
    /** Documented by passport-oauth2 as protected: for subclasses and their requests. */
    _oauth2: {
      getOAuthAccessToken(
        code: string,
        params: Record<string, string>,
        done: (error: unknown, access?: string, refresh?: string | null, params?: unknown) => void,
      ): void;
    };
    userProfile(accessToken: string, done: (error: unknown, profile?: unknown) => void): void;
  }
}
