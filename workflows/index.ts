/** The workflows that a worker bundles, by the names that clients start them with. */
export { disconnectConnection } from './disconnect.ts';
export { syncPermissions } from './permissions.ts';
export { scheduledSync } from './scheduled.ts';
export { syncSite } from './sync.ts';
