// As much of Lightning Web Components as the recipe uses; the decorators are taken out by salesforce.js.
export class LightningElement extends EventTarget {
  template = document.querySelector("main");
}
export const getFieldValue = (record, name) => name.split(".").slice(1).reduce((part, each) => part?.[each], record);
