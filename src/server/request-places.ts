/**
 * The places that a request takes one after another: among the bodies that arrive, in the memory
 * for bodies, and among the requests that are worked on. Each is counted, in sum and per tenant,
 * from the moment that it costs something, and all are given back when the answer is sent or the
 * client has disconnected.
 */
import { HttpError } from './http-error.ts';
import { Places, type Refusal, type TenantShares } from './shares.ts';

/** Bytes of all bodies together, those that arrive and those of requests that are worked on. */
const maxBodyMemoryBytes = 128 << 20;

export interface PlaceLimits {
  /** Limit of the requests that are worked on, and likewise of those whose bodies arrive. */
  readonly maxInFlight: number;
  readonly bodyMemoryBytes?: number | undefined;
}

export class ServerPlaces {
  readonly shares: TenantShares;
  readonly arriving: Places;
  readonly bodyBytes: Places;
  readonly inFlight: Places;

  constructor(
    { maxInFlight, bodyMemoryBytes = maxBodyMemoryBytes }: PlaceLimits,
    shares: TenantShares,
  ) {
    this.shares = shares;
    this.arriving = new Places(maxInFlight, shares);
    this.bodyBytes = new Places(bodyMemoryBytes, shares);
    this.inFlight = new Places(maxInFlight, shares);
  }

  /**
   * @param account the tenant as far as it is known before the body: that of the token or of the
   * query.
   */
  open(account: string): RequestPlaces {
    return new RequestPlaces(this, account);
  }
}

const texts = {
  arriving: (most: number, of: string) => `${most} request bodies${of} are on their way`,
  bodyBytes: (most: number, of: string) =>
    `The bodies of the requests${of} would have more than ${most} bytes together`,
  inFlight: (most: number, of: string) => `${most} requests${of} are being worked on`,
} as const;

export class RequestPlaces {
  readonly #server: ServerPlaces;
  #account: string;
  #arriving = 0;
  #bytes = 0;
  #inFlight = 0;
  /** Users of the body: the request itself, and each hold() that has not been released. */
  #holders = 1;

  constructor(server: ServerPlaces, account: string) {
    this.#server = server;
    this.#account = account;
    server.shares.seen(account);
  }

  /**
   * Call before the first byte of a body is read.
   * @param declaredBytes the Content-Length; it is only compared with the limit, because none of
   * the bytes has arrived.
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

  /** Call when the work begins. @throws HttpError 503 `OVERLOADED` */
  begin(): void {
    this.#check('inFlight', this.#server.inFlight.take(this.#account));
    this.#inFlight = 1;
  }

  /**
   * Moves the places to the tenant that the body names. @throws HttpError 503 `OVERLOADED` when
   * that tenant has none left.
   */
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

  /**
   * Keeps the memory of the body for work that goes on after the answer. @returns the function that
   * releases it, to be called once.
   */
  hold(): () => void {
    this.#holders++;
    return () => this.#release();
  }

  /** Call when the answer is sent or the client has disconnected. */
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
    const end =
      whose === 'tenant'
        ? ', the most that one tenant may have.'
        : ', the most that the server takes at once.';
    throw new HttpError(
      503,
      'OVERLOADED',
      texts[what](most, whose === 'tenant' ? ' of this tenant' : '') + end,
    );
  }
}
