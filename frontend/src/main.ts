// Every page: the styles. Pages work without any script.
import "hds-core/lib/base.min.css";
import "hds-core/lib/components/button/button.min.css";
import "hds-core/lib/components/link/link.min.css";
import "hds-core/lib/components/notification/notification.min.css";
import "hds-core/lib/components/status-label/status-label.min.css";
import "hds-core/lib/components/table/table.min.css";
import "hds-core/lib/components/tag/tag.min.css";
import "hds-core/lib/components/text-input/text-input.min.css";
import "./styles/base.css";
import "./styles/layout.css";
import "./styles/components.css";
import "./styles/portal.css";
import "./styles/booking.css";
import "./styles/desk.css";
import "./styles/kiosk.css";
import "./styles/call.css";
import "./styles/print.css";
