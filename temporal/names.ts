/** One queue for all work: any number of worker processes share it. */
export const taskQueue = 'sluice';

/** One workflow id per connection, so that Temporal itself keeps a second run of it out. */
export const syncWorkflowId = (connectionId: string) => `sync:${connectionId}`;

export const scheduleId = (connectionId: string) => `schedule:${connectionId}`;

export const scheduledWorkflowId = (connectionId: string) => `scheduled:${connectionId}`;
