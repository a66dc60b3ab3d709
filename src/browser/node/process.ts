export default { versions: {} };
