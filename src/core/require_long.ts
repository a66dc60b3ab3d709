/**
 * TensorFlow.js requires `long` without listing it as a dependency, and packages
 * are downloaded only when something imports them. Every module that brings in
 * TensorFlow.js by a dynamic import, or starts a process with it, imports this.
 *
 * @module
 */
import "long";
