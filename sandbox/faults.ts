/** Rules that spoil answers on purpose. */
export interface FaultPlan {
  clear(): void;
}
