/** How long a connector may take to stop, in seconds: each limit is over what happens within it. */

/** The drain, the unbind and the last calls to AWS are over by then; what takes longer is not coming back. */
export const forcedExitSeconds = 24;

/** SIGTERM to SIGKILL: `stopTimeout` of the container. */
export const stopTimeoutSeconds = 30;
