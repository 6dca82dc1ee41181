/** The panel on the record page of a case (Lightning Web Component). */

import { LightningElement, api, wire } from "lwc";
import { getRecord, getFieldValue } from "lightning/uiRecordApi";
import getToken from "@salesforce/apex/StichwortTokens.getToken";
import userId from "@salesforce/user/Id";
import { bridge } from "./bridge.js";

const FIELDS = ["Id", "Subject", "Description", "Priority", "Contact.FirstName", "Contact.LastName", "ContactId"];
const names = FIELDS.map((name) => `Case.${name}`);

export default class StichwortPanel extends LightningElement {
    @api recordId;
    @api service = "https://stichwort.example";

    panel = null;
    record = null;

    get address() {
        return `${this.service}/embed`;
    }

    connect() {
        if (this.panel) return;
        this.panel = bridge(this.template.querySelector("iframe"), this.service, {
            // An Aura component around this one hands it to lightning:quickActionAPI, which fills the e-mail.
            insert: ({ text, html, suggestionId }) =>
                this.dispatchEvent(new CustomEvent("insert", { detail: { text, html, suggestionId }, bubbles: true })),
            "token-needed": () => this.sendToken(),
        });
        this.sendToken();
        this.sendCase();
    }

    disconnectedCallback() {
        this.panel?.close();
        this.panel = null;
    }

    async sendToken() {
        const token = await getToken();
        this.panel?.send({ type: "token", token });
    }

    @wire(getRecord, { recordId: "$recordId", optionalFields: names })
    wired({ data }) {
        if (!data) return;
        this.record = data;
        this.sendCase();
    }

    sendCase() {
        if (!this.panel || !this.record) return;
        const value = (name) => getFieldValue(this.record, `Case.${name}`) ?? null;
        const contact = { first_name: value("Contact.FirstName"), last_name: value("Contact.LastName") };
        this.panel.send({ type: "context", context: { contact, agent: { id: userId } } });
        const said = { subject: value("Subject"), description: value("Description") };
        const about = { priority: value("Priority"), customer_id: value("ContactId"), channel: "email" };
        this.panel.send({ type: "case", case: { id: value("Id"), ...said, ...about } });
    }
}
