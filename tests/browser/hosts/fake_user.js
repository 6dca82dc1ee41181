export default "005A1";
