document.body.dataset.service = location.hash.slice(1);
