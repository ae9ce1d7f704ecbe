/**
 * The places that a request takes, one after another: among the bodies that are on their way, in the
 * memory for bodies, and among the requests that are worked on. Each is counted where it begins to cost
 * something, in sum and per tenant, and all are given back when the answer is out or the caller is gone.
 */
import { HttpError } from './http-error.ts';
import { Places, type Refusal, type TenantShares } from './shares.ts';

/** Bytes of all bodies together, those that arrive and those of requests that are worked on. */
const maxBodyMemoryBytes = 128 << 20;

export interface PlaceLimits {
  /** Requests that are worked on; and once more so many whose bodies arrive. */
  readonly maxInFlight: number;
  readonly bodyMemoryBytes?: number | undefined;
}

export class ServerPlaces {
  readonly shares: TenantShares;
  readonly arriving: Places;
  readonly bodyBytes: Places;
  readonly inFlight: Places;

  constructor({ maxInFlight, bodyMemoryBytes = maxBodyMemoryBytes }: PlaceLimits, shares: TenantShares) {
    this.shares = shares;
    this.arriving = new Places(maxInFlight, shares);
    this.bodyBytes = new Places(bodyMemoryBytes, shares);
    this.inFlight = new Places(maxInFlight, shares);
  }

  /** @param account the tenant as far as it is known before the body: that of the token or of the query. */
  open(account: string): RequestPlaces {
    return new RequestPlaces(this, account);
  }
}

const texts = {
  arriving: (most: number, of: string) => `${most} request bodies${of} are on their way`,
  bodyBytes: (most: number, of: string) => `The bodies of the requests${of} would have more than ${most} bytes together`,
  inFlight: (most: number, of: string) => `${most} requests${of} are being worked on`,
} as const;

export class RequestPlaces {
  readonly #server: ServerPlaces;
  #account: string;
  #arriving = 0;
  #bytes = 0;
  #inFlight = 0;
  /** The request itself, and who else still needs its body. */
  #holders = 1;

  constructor(server: ServerPlaces, account: string) {
    this.#server = server;
    this.#account = account;
    server.shares.seen(account);
  }

  /**
   * Before the first byte of a body is read.
   * @param declaredBytes what the caller says that it will send; only looked at, since none of it is here.
   * @throws HttpError 503 `OVERLOADED`
   */
  expectBody(declaredBytes: number): void {
    this.#check('bodyBytes', this.#server.bodyBytes.refusal(this.#account, declaredBytes));
    this.#check('arriving', this.#server.arriving.take(this.#account));
    this.#arriving = 1;
  }

  /** @throws HttpError 503 `OVERLOADED` */
  bodyBytes(count: number): void {
    this.#check('bodyBytes', this.#server.bodyBytes.take(this.#account, count));
    this.#bytes += count;
  }

  bodyEnded(): void {
    if (this.#arriving === 0) return;
    this.#arriving = 0;
    this.#server.arriving.giveBack(this.#account);
  }

  /** The work begins. @throws HttpError 503 `OVERLOADED` */
  begin(): void {
    this.#check('inFlight', this.#server.inFlight.take(this.#account));
    this.#inFlight = 1;
  }

  /** The body has told for whom the request is. @throws HttpError 503 `OVERLOADED`: nothing is held then. */
  belongTo(tenant: string): void {
    if (tenant === this.#account) return;
    const [bytes, inFlight] = [this.#bytes, this.#inFlight];
    this.#giveBackAll();
    this.#account = tenant;
    this.#server.shares.seen(tenant);
    this.#check('bodyBytes', this.#server.bodyBytes.take(tenant, bytes));
    this.#bytes = bytes;
    if (inFlight > 0) this.begin();
  }

  /** For work that goes on when the answer is out, with the memory of the body. @returns its end, to be called once. */
  hold(): () => void {
    this.#holders++;
    return () => this.#release();
  }

  /** The answer is out, or the caller gone. */
  end(): void {
    this.bodyEnded();
    this.#server.inFlight.giveBack(this.#account, this.#inFlight);
    this.#inFlight = 0;
    this.#release();
  }

  #release(): void {
    if (--this.#holders === 0) this.#giveBackAll();
  }

  #giveBackAll(): void {
    this.bodyEnded();
    this.#server.bodyBytes.giveBack(this.#account, this.#bytes);
    this.#server.inFlight.giveBack(this.#account, this.#inFlight);
    this.#bytes = 0;
    this.#inFlight = 0;
  }

  #check(what: keyof typeof texts, refusal: Refusal | undefined): void {
    if (refusal === undefined) return;
    const { whose, most } = refusal;
    const end = whose === 'tenant' ? ', the most that one tenant may have.' : ', the most that the server takes at once.';
    throw new HttpError(503, 'OVERLOADED', texts[what](most, whose === 'tenant' ? ' of this tenant' : '') + end);
  }
}
