/** Keeps the device token until the program or the page ends. */
export function memoryDevice(token) {
    return {
        get: () => token,
        set: (next) => {
            token = next;
        },
    };
}
/** Keeps tokens until the program or the page ends. */
export function memoryStore(tokens) {
    return {
        get: () => tokens,
        set: (next) => {
            tokens = next;
        },
    };
}
