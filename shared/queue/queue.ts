export interface Queue {
  close(): Promise<void>;
}
