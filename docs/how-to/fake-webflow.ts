// fake-webflow.ts: the control interface of fake-webflow for tests in TypeScript, and a fork for each test of vitest.
//
// Copy it beside your tests. The server is where FAKE_WEBFLOW says (http://127.0.0.1:8787 without it); one that was
// started with --control-token is also told FAKE_WEBFLOW_CONTROL_TOKEN. Tests of another runner leave the end out.

import { test as vitestTest } from "vitest";

/** What a call throws that was refused; the message says what would be right. */
export class ControlError extends Error {
  readonly status: number;
  readonly code: string;

  constructor(status: number, code: string, message: string) {
    super(`${code}: ${message}`);
    this.name = "ControlError";
    this.status = status;
    this.code = code;
  }
}

/** The control interface of one fake: of the server's own, or of a fork. */
export class FakeControl {
  /** Below it is everything that concerns this fake. */
  readonly controlUrl: string;
  protected readonly controlToken: string;

  constructor(controlUrl: string, controlToken: string = process.env.FAKE_WEBFLOW_CONTROL_TOKEN ?? "") {
    this.controlUrl = controlUrl;
    this.controlToken = controlToken;
  }

  state = () => this.call<State>("GET", "/state");
  /** Goes back to the beginning, with an empty journal. */
  reset = () => this.call<State>("POST", "/reset");
  /** Goes over to another world, which a reset then goes back to. */
  seed = (body: Seed) => this.call<SeededIds>("POST", "/seed", body);
  /** The world as a scenario file (YAML). */
  scenario = (withSecrets = false) => this.callForText("GET", `/scenario?secrets=${withSecrets ? 1 : 0}`);

  addSite = (body: AddSite) => this.call<Site>("POST", "/sites", body);
  addCollection = (body: AddCollection) => this.call<Collection>("POST", "/collections", body);
  addItems = async (body: AddItems) => (await this.call<Items>("POST", "/items", body)).items;
  addAsset = (body: AddAsset) => this.call<Asset>("POST", "/assets", body);
  /** The items of a collection, by slug or id, as a view shows them. */
  items = async (collection: string, view: ItemView = "staged", locale?: string) =>
    (await this.call<Items>("GET", `/collections/${collection}/items${query({ view, locale })}`)).items;

  /** Keeps the state as it is now, under a name. */
  takeSnapshot = (name: string) => this.call<Snapshots>("PUT", `/snapshots/${encodeURIComponent(name)}`);
  restoreSnapshot = (name: string) => this.call<State>("POST", `/snapshots/${encodeURIComponent(name)}/restore`);
  deleteSnapshot = (name: string) => this.call<Snapshots>("DELETE", `/snapshots/${encodeURIComponent(name)}`);
  snapshots = async () => (await this.call<Snapshots>("GET", "/snapshots")).snapshots;

  clock = () => this.call<Clock>("GET", "/clock");
  setClock = (time: string) => this.call<Clock>("PUT", "/clock", { time } satisfies SetClock);
  advanceClock = (seconds: number) => this.call<Clock>("POST", "/clock/advance", { seconds } satisfies AdvanceClock);
  freezeClock = () => this.call<Clock>("POST", "/clock/freeze");
  runClock = () => this.call<Clock>("POST", "/clock/run");

  rateLimit = async () => (await this.call<RateLimit>("GET", "/rate-limit")).limit;
  /** Allows so many requests a minute and token; null for any number. */
  setRateLimit = (limit: number | null) => this.call<RateLimit>("PUT", "/rate-limit", { limit });

  /** Has coming calls go wrong. */
  addFault = (body: AddFault) => this.call<Fault>("POST", "/faults", body);
  faults = async () => (await this.call<Faults>("GET", "/faults")).faults;
  clearFaults = () => this.call<Faults>("DELETE", "/faults");
  deleteFault = (number: number) => this.call<Faults>("DELETE", `/faults/${number}`);

  /** Answers coming calls to an operation that is not simulated. */
  addStub = (body: CreateStub) => this.call<Stub>("POST", "/stubs", body);
  stubs = async () => (await this.call<Stubs>("GET", "/stubs")).stubs;
  clearStubs = () => this.call<Stubs>("DELETE", "/stubs");
  deleteStub = (id: number) => this.call<Stubs>("DELETE", `/stubs/${id}`);

  /** What was asked, and what was answered. */
  journal = (wanted: JournalQuery = {}) => this.call<JournalPage>("GET", `/journal${query({ ...wanted })}`);
  clearJournal = () => this.call<JournalPage>("DELETE", "/journal");
  /** The calls that were so; throws with the closest calls in the message if there are none. `times: 0` is for never. */
  assertCalled = async (operation: string, wanted: Omit<AssertJournal, "operation"> = {}) =>
    (await this.call<Exchanges>("POST", "/journal/assert", { operation, ...wanted })).exchanges;

  /** What webhooks were told. */
  deliveries = async () => (await this.call<Deliveries>("GET", "/deliveries")).deliveries;
  waitForDeliveries = async (body: WaitForDeliveries = {}) =>
    (await this.call<Deliveries>("POST", "/deliveries/wait", body)).deliveries;
  resendDelivery = (id: number) => this.call<Delivery>("POST", `/deliveries/${id}/resend`);

  protected async call<Answer>(method: string, path: string, body: object = {}): Promise<Answer> {
    return JSON.parse(await this.callForText(method, path, body));
  }

  private async callForText(method: string, path: string, body: object = {}): Promise<string> {
    const headers: Record<string, string> = { "Content-Type": "application/json" };
    if (this.controlToken) headers["X-Fake-Webflow-Control"] = this.controlToken;
    const sent = method === "POST" || method === "PUT" ? { body: JSON.stringify(body) } : {};
    const answer = await fetch(this.controlUrl + path, { method, headers, ...sent });
    const text = await answer.text();
    if (answer.ok) return text;
    const { code, message }: Refusal = JSON.parse(text);
    throw new ControlError(answer.status, code, message);
  }
}

/** A fork: a fake of its own, for one test. */
export class FakeFork extends FakeControl {
  /** Token, addresses and ids, as the server answered. */
  readonly made: Fork;
  /** Of the API, for the program under test. */
  readonly token: string;
  readonly baseUrl: string;
  /** Below it everything is this fork's, whatever the token. */
  readonly ownBaseUrl: string;
  readonly siteId: string;
  /** Of the first site, by slug. */
  readonly collectionIds: Record<string, string>;

  constructor(made: Fork, controlToken?: string) {
    super(made.control_url, controlToken);
    this.made = made;
    this.token = made.token;
    this.baseUrl = made.base_url;
    this.ownBaseUrl = made.own_base_url;
    this.siteId = made.site_id ?? "";
    this.collectionIds = made.collection_ids;
  }

  delete = () => this.call<Deleted>("DELETE", "");
}

/** A server, and the fake of its own. */
export class FakeServer extends FakeControl {
  constructor(origin: string = process.env.FAKE_WEBFLOW ?? "http://127.0.0.1:8787", controlToken?: string) {
    super(`${origin}/_fake`, controlToken);
  }

  health = () => this.call<Health>("GET", "/health");
  /** The description of all this. */
  document = () => this.call<Record<string, any>>("GET", "/openapi.json");
  forks = async () => (await this.call<Forks>("GET", "/forks")).forks;
  fork = async (options: ForkOptions = {}) =>
    new FakeFork(await this.call<Fork>("POST", "/forks", options), this.controlToken);
  /** The fork of that name, made if it is not there. */
  namedFork = async (name: string, options: ForkOptions = {}) =>
    new FakeFork(await this.call<Fork>("PUT", `/forks/${name}`, options), this.controlToken);
}

export type ItemView = "staged" | "live" | "drafts" | "archived";

export interface JournalQuery {
  /** A name as items.create, or a pattern as items.*. */
  operation?: string;
  /** 404 or 4xx. */
  status?: number | string;
  /** From this instant of the fake's clock on. */
  since?: number | string;
  after?: number;
  limit?: number;
}

function query(values: Record<string, string | number | undefined>): string {
  const given = Object.entries(values).flatMap(([name, value]) => (value === undefined ? [] : [[name, String(value)]]));
  return given.length ? `?${new URLSearchParams(given)}` : "";
}

// Types of the control interface's document. `make docs` writes them: do not edit them by hand.

/** What is sent to addAsset. */
export interface AddAsset {
  /** Its bytes. */
  content: {
    text?: string;
    base64?: string;
  };
  /** How it is called. */
  file_name: string;
  /** In the primary locale. */
  alt_text?: string | null;
  /** Display name of an asset folder, which is made if the site has none of that name. */
  folder?: string | null;
  /** Its id or short name; the first site where it is left out. */
  site?: string;
  /** Whether its bytes are there, or it is registered alone. true where it is left out. */
  uploaded?: boolean;
}

/** What is sent to addCollection. */
export interface AddCollection {
  /** As people see it. */
  display_name: string;
  /**
   * Types by name, as {"title": "PlainText"}, or a list of fields with displayName, type and perhaps slug,
   * isRequired, isEditable, helpText and validations as scenarios have them. In validations, options may be
   * names and collectionId a slug.
   */
  fields?: Record<string, any> | Array<Record<string, any>>;
  /** Of one item; made of display_name where it is left out. */
  singular_name?: string | null;
  /** Its part of the address; made of display_name where it is left out. */
  slug?: string | null;
  /** Its id or short name; the first site where it is left out. */
  site?: string;
  /** Whether a site publish took its structure; live calls need that. true where it is left out. */
  published?: boolean;
}

/** What is sent to addFault. */
export interface AddFault {
  /** Which calls; what is left out does not narrow. */
  when?: {
    /** Names as items.create, or patterns as items.*; none for every call to the API. */
    operations?: string[];
    method?: string;
    /** A pattern with * and ?, /v2 included. */
    path?: string;
    /** Parts of the path, by the names of the parameters, as {"item_id": "..."}. */
    path_params?: Record<string, string>;
    /** That call alone, from 1. */
    nth?: number;
    /** Every Nth call: 5 means the 5th, the 10th, ... */
    every?: number;
    /** So many calls at most. */
    first?: number;
    /** From 0 to 1, under the seed. */
    probability?: number;
  };
  /** What happens to them: delays, and at most one other effect. */
  then: {
    /** Answers with that status in Webflow's envelope. */
    respond?: {
      /** From 400 to 599. */
      status: number;
      code?: string;
      message?: string;
    };
    /** Answers as a clause of the ledger does. */
    refuse?: {
      /** As items.not-found. */
      clause: string;
      /** What fills the placeholders of its message. */
      values?: Record<string, string | number>;
    };
    /** Answers with 429. */
    too_many_requests?: {
      /** honest for the rest of the window, null for no header, or what stands there. */
      retry_after?: number | string | null;
    };
    /** Uploads and files only: fails as S3 does. */
    s3_error?: {
      /** As SlowDown. */
      code?: string;
    };
    /** Is looked at so much later. */
    delay?: {
      seconds: number;
      /** Whether the caller waits as well as the fake's clock. */
      real?: boolean;
    };
    /** Is answered so much later. */
    slow_body?: {
      seconds: number;
      /** Whether the caller waits as well as the fake's clock. */
      real?: boolean;
    };
    /** Nothing is done and nothing answered. */
    timeout_before?: Record<string, never>;
    /** It is done, and nothing answered. */
    timeout_after?: Record<string, never>;
    /** Nothing is done and the connection ends. */
    reset_before?: Record<string, never>;
    /** It is done, and the connection ends. */
    reset_after?: Record<string, never>;
    /** It is done, and the answer ends halfway. */
    truncated_body?: Record<string, never>;
    /** It is done, and the answer's last byte is missing. */
    malformed_json?: Record<string, never>;
  };
}

/** What is sent to addItems. */
export interface AddItems {
  /** Its slug or its id. */
  collection: string;
  /** How many, with data that is made up by field type under the seed; or their field data. */
  items: number | Array<Record<string, any>>;
  /** Whether they are live as well. true where it is left out. */
  published?: boolean;
  /** Whether they are drafts; left out, published items are none and others are as the API makes them. */
  draft?: boolean | null;
  /** Whether they are archived. */
  archived?: boolean;
  /** The locale they are in, or several for a variant in each: tags or ids. The primary one where it is left out. */
  locales?: string[] | string | null;
}

/** What is sent to addSite. */
export interface AddSite {
  /** As people see it. */
  display_name: string;
  /**
   * Tags of its locales, as en or pt-BR; the first is the primary one. With en alone it is a site without
   * localization.
   */
  locales?: string[] | string;
  /** Whether it was published; live calls need that. true where it is left out. */
  published?: boolean;
}

/** What is sent to advanceClock. */
export interface AdvanceClock {
  /** At least 0. */
  seconds: number;
}

/** What is sent to assertJournal. */
export interface AssertJournal {
  /** A name as items.create, or a pattern as items.*. */
  operation: string;
  /** A part of the body: keys that are not named do not matter, at any depth; lists count whole. */
  json?: Record<string, any>;
  /** Some of what stood in the path, as {"item_id": "..."}. */
  path_params?: Record<string, string>;
  /** Some of the query's parameters. */
  query?: Record<string, string>;
  /** What it was answered with. */
  status?: number;
  /** Exactly how often, 0 for never; at least once where it is left out. */
  times?: number;
}

/** An asset as the API answers it. */
export interface Asset {
  id: string;
  displayName: string;
  hostedUrl: string;
  [key: string]: any;
}

export interface Attempt {
  /** When it ended, on the fake's clock. */
  time: string;
  /** The receiver's status; null where there was no answer. */
  status: number | null;
  /** Why there was no answer; empty where there was one. */
  error: string;
}

/** A body that is not JSON, or of which not all is kept. */
export interface Body {
  text?: string;
  /** In place of text, for bytes that are not UTF-8. */
  base64?: string;
  /** Whether the journal does not have all of it, or none any more. */
  truncated: boolean;
}

export interface Clock {
  /** Milliseconds since 1970. */
  now: number;
  /** The same as an ISO text. */
  time: string;
  /** Whether it stands still, but for a millisecond a write. */
  frozen: boolean;
}

/** A collection as the API answers it. */
export interface Collection {
  id: string;
  siteId: string;
  displayName: string;
  slug: string;
  fields: Array<{
    id: string;
    type: string;
    slug: string;
    displayName: string;
  }>;
  [key: string]: any;
}

/** What is sent to createStub. */
export interface CreateStub {
  /** Webflow's name of an operation that is not simulated, as the 501 says it: list-pages. */
  operation: string;
  /** Calls with these parts in their paths alone, as {"site_id": "..."}. */
  path_params?: Record<string, string>;
  /** Of the answer, from 200 to 599; 200 where it is left out. */
  status?: number;
  /** The answer's body; null for none. */
  json?: any;
  /** The answer's headers, beside the usual ones or in place of them. */
  headers?: Record<string, string>;
  /** So many calls; null for all of them. */
  times?: number | null;
}

export interface Deleted {
  deleted: string;
}

export interface Deliveries {
  deliveries: Delivery[];
}

export interface Delivery {
  /** From 0; never used again. */
  id: number;
  webhook_id: string;
  url: string;
  /** Webflow's name of the event. */
  trigger: string;
  /** What the event says, without its name. */
  payload: Record<string, any>;
  /** What is posted, as it is signed. */
  body: string;
  /** Content type, time stamp and signature. */
  headers: Record<string, string>;
  /** pending before the next attempt, failed when none is left, recorded if nothing is to be sent. */
  state: "pending" | "delivered" | "failed" | "recorded";
  /** When the next attempt is due, on the fake's clock. */
  due: string | null;
  /** Why it was recorded only, or given up. */
  reason: string;
  attempts: Attempt[];
}

export interface Exchange {
  /** Rises with each request, and is never used again. */
  number: number;
  time: string;
  instant: number;
  method: string;
  path: string;
  query: Record<string, any>;
  operation: string;
  parameters: Record<string, any>;
  status: number;
  clauses: string[];
  message: string;
  problems: string[];
  fault: string;
  /** Whether a stub answered it. */
  stubbed: boolean;
  /** By lower-case name, without the value of a token. */
  request_headers: Record<string, any>;
  response_headers: Record<string, any>;
  /** The request's body where it is JSON, null where not. */
  body: any;
  request_body: Body | null;
  /** The answer's body where it is JSON, null where not. */
  response_json: any;
  response_body: Body | null;
  /** Whether something of it is not kept, or not whole. */
  truncated: boolean;
  /** How long it took to answer, of the machine's time. */
  milliseconds: number;
}

export interface Exchanges {
  exchanges: Exchange[];
}

export interface Fault {
  /** From 1; never used again. */
  number: number;
  /** Which calls, as it was set. */
  when: Record<string, any>;
  /** What happens to them, in words. */
  then: string[];
  /** How many such calls there were. */
  seen: number;
  /** How many of them it went wrong with. */
  hit: number;
}

export interface Faults {
  faults: Fault[];
}

export interface Fork {
  id: string;
  /** Of the API. */
  token: string;
  base_url: string;
  /** Below it everything is this fork's, whatever the token. */
  own_base_url: string;
  control_url: string;
  /** What webhooks of an app's token are signed with. */
  client_secret: string;
  site_id: string | null;
  /** Of the first site, by slug. */
  collection_ids: Record<string, string>;
  sites: SiteIds[];
}

/** What is sent to createFork. */
export interface ForkOptions {
  /** Name of a scenario that comes with the package. */
  scenario?: string;
  /** A scenario, as scenario files have it; files of assets as base64 or text. */
  data?: Record<string, any>;
  /** Name of a snapshot of the fake that is meant. */
  snapshot?: string;
  /** Open choices made otherwise: from a choice (items.create.duplicate-slug) to one of its options. */
  profile?: Record<string, string>;
  /**
   * When the world begins that is seeded: an ISO text, as 2024-05-01T12:00:00Z, or machine for the machine's
   * clock. Dates of a scenario of the package move with it; data keeps the dates it states. A standing clock
   * stands at it, and a running one runs on from it.
   */
  now?: string;
  /** What ids come from that are made later, and chance. */
  seed?: number;
  /** Requests a minute and token; null for any number. */
  rate_limit?: number | null;
  /** What its token may do. */
  scopes?: Array<"assets:read" | "assets:write" | "authorized_user:read" | "cms:read" | "cms:write" | "sites:read" | "sites:write">;
  /** What kind of token it has. */
  kind?: "app" | "site" | "workspace";
  /**
   * For how long it is kept while nobody calls it, by token, by path or here. Left out: as the server's limits
   * say.
   */
  idle_seconds?: number;
}

export interface Forks {
  forks: Array<{
    id: string;
    /** Whether somebody chose its id. */
    named: boolean;
  }>;
}

export interface Health {
  status: "ok";
  version: string;
}

export interface Items {
  /** Items as the API answers them. */
  items: Array<Record<string, any>>;
}

export interface JournalPage {
  exchanges: Exchange[];
  /** What to ask for the exchanges after. */
  last: number;
}

export interface NotAsAsserted {
  code: "not_as_asserted";
  message: string;
}

export interface RateLimit {
  /** Requests a minute and token; null for any number. */
  limit: number | null;
}

export interface Refusal {
  /** For programs. */
  code: string;
  /** One line that says why not, and what would be right. */
  message: string;
}

/** What is sent to seed. */
export interface Seed {
  /** Name of a scenario that comes with the package. */
  scenario?: string;
  /** A scenario, as scenario files have it; files of assets as base64 or text. */
  data?: Record<string, any>;
  /** Open choices made otherwise: from a choice (items.create.duplicate-slug) to one of its options. */
  profile?: Record<string, string>;
  /**
   * When the world begins that is seeded: an ISO text, as 2024-05-01T12:00:00Z, or machine for the machine's
   * clock. Dates of a scenario of the package move with it; data keeps the dates it states. A standing clock
   * stands at it, and a running one runs on from it.
   */
  now?: string;
  /** What ids come from. */
  seed?: number;
}

export interface SeededIds {
  site_id: string | null;
  /** Of the first site, by slug. */
  collection_ids: Record<string, string>;
  sites: SiteIds[];
}

/** What is sent to setClock. */
export interface SetClock {
  /** An ISO text, as 2024-05-01T12:00:00Z; without a zone it is in UTC. */
  time: string;
}

/** What is sent to setRateLimit. */
export interface SetRateLimit {
  /** Requests a minute and token; null for any number. */
  limit: number | null;
}

/** A site as the API answers it. */
export interface Site {
  id: string;
  displayName: string;
  shortName: string;
  /** By tag. */
  cms_locale_ids: Record<string, string>;
  [key: string]: any;
}

export interface SiteIds {
  id: string;
  short_name: string;
  /** By tag. */
  cms_locale_ids: Record<string, string>;
  /** By slug. */
  collection_ids: Record<string, string>;
}

export interface Snapshots {
  snapshots: string[];
}

export interface State {
  /** Id of the fork; null for the server's own fake. */
  fork: string | null;
  site_id: string | null;
  /** Of the first site, by slug. */
  collection_ids: Record<string, string>;
  sites: SiteIds[];
  /** By id of the collection. */
  items: Record<string, {
    staged: number;
    live: number;
  }>;
  assets: number;
  files: number;
  webhooks: number;
  /** What webhooks of an app's token are signed with. */
  client_secret: string;
  /** The open choices that are not made as usual. */
  profile: Record<string, string>;
  clock: Clock;
  /** Requests a minute and token; null for any number. */
  rate_limit: number | null;
  /** How many are on. */
  faults: number;
  /** How many are set. */
  stubs: number;
  /** How many exchanges it has. */
  journal: number;
  snapshots: string[];
}

export interface Stub {
  /** From 1; never used again. */
  id: number;
  /** Webflow's name of an operation that is not simulated, as the 501 says it: list-pages. */
  operation: string;
  /** Calls with these parts in their paths alone, as {"site_id": "..."}. */
  path_params: Record<string, string>;
  /** Of the answer, from 200 to 599; 200 where it is left out. */
  status: number;
  /** The answer's body; null for none. */
  json: any;
  /** The answer's headers, beside the usual ones or in place of them. */
  headers: Record<string, string>;
  /** So many calls; null for all of them. */
  times: number | null;
  /** How many calls it has answered. */
  answered: number;
}

export interface Stubs {
  stubs: Stub[];
}

/** What is sent to waitForDeliveries. */
export interface WaitForDeliveries {
  /** How many, of all since the fake began; 0 for as many as there are, 1 where it is left out. */
  count?: number;
  /** Only deliveries of this event. */
  trigger?: string;
  /** Seconds of real time, 30 at most; 5 where it is left out. */
  timeout?: number;
}

// End of these types.

/**
 * A test of vitest with a fork of its own, `fake`, which is deleted afterwards.
 *
 * `test.scoped({ forkOptions: { rate_limit: 60 } })` has the tests of a file or a `describe` begin otherwise.
 */
export const test = vitestTest.extend<{ forkOptions: ForkOptions; fake: FakeFork }>({
  forkOptions: {},
  fake: async ({ forkOptions }, use) => {
    const fork = await new FakeServer().fork(forkOptions);
    await use(fork);
    await fork.delete();
  },
});
