/** What so many members cost, from what one of each thing costs. Pure. */

/** Measured on one core; NaN where it was not measured. */
export interface Costs {
  /** One message on one connection, alone in its write. */
  readonly deliveryUs: number;
  /** A heartbeat, answered. */
  readonly beatUs: number;
  /** A member's coming in. */
  readonly acceptUs: number;
  readonly memberBytes: number;
  /** An entry of a room that is not live on a node, learnt from the change stream. */
  readonly hintUs: number;
  readonly sqlitePerSecond: number;
}

/** What members do; the page says so beside the figures. */
export interface Habits {
  readonly messagesPerHour: number;
  readonly roomSize: number;
  readonly heartbeatSeconds: number;
}

export interface Bill {
  readonly members: number;
  readonly messagesPerSecond: number;
  readonly deliveriesPerSecond: number;
  /** Cores kept busy by deliveries and by heartbeats, all nodes together. */
  readonly deliveryCores: number;
  readonly beatCores: number;
  readonly memoryGb: number;
  /** Node processes when each computes at most LOAD_MAX of the time, for hints as well. */
  readonly nodes: number;
  /** The share of each node's core that hints of the whole chat take. */
  readonly hintShare: number;
}

/** Above this, bursts wait: a queue at 60 % is as long as its service, at 90 % nine times. */
const LOAD_MAX = 0.6;

export function billFor(members: number, habits: Habits, costs: Costs): Bill {
  const messagesPerSecond = (members * habits.messagesPerHour) / 3600;
  const deliveriesPerSecond = messagesPerSecond * Math.min(members, habits.roomSize);
  const deliveryCores = (deliveriesPerSecond * costs.deliveryUs) / 1e6;
  const beatCores = (members / habits.heartbeatSeconds) * (costs.beatUs / 1e6);
  const own = deliveryCores + beatCores;
  const isAlone = own <= LOAD_MAX;
  const hintShare = isAlone ? 0 : (messagesPerSecond * costs.hintUs) / 1e6;
  // Every node hears of every entry, so hints shrink what is left of each node for its members.
  const left = LOAD_MAX - hintShare;
  return {
    members,
    messagesPerSecond,
    deliveriesPerSecond,
    deliveryCores,
    beatCores,
    memoryGb: (members * costs.memberBytes) / 2 ** 30,
    nodes: left <= 0 ? Number.POSITIVE_INFINITY : Math.max(1, Math.ceil(own / left)),
    hintShare,
  };
}
