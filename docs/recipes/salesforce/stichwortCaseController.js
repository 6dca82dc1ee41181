({
    insert: function (component, event) {
        const { text, html } = event.getParams();
        const value = html || text.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/\n/g, "<br>");
        component.find("quickActions").setActionFieldValues({
            actionName: "Case.SendEmail",
            targetFields: { HtmlBody: { value: value, insertType: "cursor" } },
        });
    },
})
