"""
What the bot consists of, put together from its settings: what answers Slack's requests, and what goes on beside.
"""

from dataclasses import dataclass
from functools import partial

from bot import policy_words
from bot.app import Parts
from bot.asked_recipients import Judging
from bot.asked_template import Bounds
from bot.asking_to_delete import AskingToDelete
from bot.block_kit import Json
from bot.buttons import Buttons
from bot.carrying_out import CarryingOut
from bot.command import Command
from bot.directory import Directory
from bot.dispatcher import Dispatcher
from bot.dispute_desk import DisputeDesk
from bot.evidence_desk import EvidenceDesk
from bot.form import Expiries
from bot.home_desk import HomeDesk
from bot.home_presses import HomePresses
from bot.home_webhooks import Replaying
from bot.incident_desk import IncidentDesk
from bot.incident_links import IncidentLinks
from bot.leavers import Leavers
from bot.links_kept import LinksKept
from bot.mail import Mail
from bot.orders_asked import OrdersAsked
from bot.people import People
from bot.press_to_open import PressToOpen
from bot.presses import Presses
from bot.record_desk import RecordDesk
from bot.record_handing import RecordHanding
from bot.record_openers import Openers
from bot.record_rights import RecordRights
from bot.record_window import RecordWindow
from bot.records_asked import RecordsAsked
from bot.request_desk import RequestDesk
from bot.revokes_asked import RevokesAsked
from bot.rights import Rights
from bot.rotation import Rotation
from bot.sealed_deliveries import SealedDeliveries
from bot.sealing import SealingPool
from bot.sending import Sending
from bot.settings import BotSettings
from bot.shortcut import Shortcut
from bot.slack_calls import Slack
from bot.starting_again import StartingAgain
from bot.storing import Storing
from bot.template import ANYTHING, Template
from bot.templates import pages_of_providers
from bot.token_desk import TokenDesk
from bot.token_window import TokenWindow
from bot.underway import Underway
from bot.ways import Couriers
from store.link_opener import LinkOpener
from store.log.who_may_say import believed
from store.opened import Store


@dataclass(frozen=True)
class Basis:
    """What everything else stands on; `identity` is the answer of auth.test."""

    settings: BotSettings
    store: Store
    slack: Slack
    identity: Json
    people: People

    @property
    def team_id(self) -> str:
        """The workspace's."""
        return str(self.identity["team_id"])

    @property
    def expiries(self) -> Expiries:
        """The spans that the form offers."""
        settings, policy = self.settings, self.settings.policy
        default, most = settings.expires_default_seconds, settings.expires_max_seconds
        return Expiries(policy.spans(default, most), default)

    @property
    def anything(self) -> Template:
        """The template of whatever has none."""
        return self.settings.templates[ANYTHING]

    def mail(self) -> Mail | None:
        """Who takes links to addresses, where a mail server is named."""
        server = self.settings.mail_server()
        if server is None or self.settings.smtp_from is None:
            return None
        workspace = str(self.identity.get("team") or "")
        return Mail(server, self.settings.smtp_from, workspace, self.store.clock.now_seconds)

    def home(self) -> HomeDesk:
        """Everybody's Home tab."""
        settings = self.settings
        rights = Rights(self.people, self.team_id, settings.admins, settings.auditors)
        rules = policy_words.sentences(settings.policy, self.expiries.offered)
        may_send, shows = settings.policy.may_send, settings.audit_show_labels
        outside = settings.policy.outside_only
        replaying = Replaying(self.store, rights, frozenset(one.name for one in settings.endpoints))
        return HomeDesk(
            self.store, self.slack, self.people, rights, may_send, settings.rotate_url, shows, outside, rules, replaying
        )

    def _judging(self) -> Judging:
        settings, policy = self.settings, self.settings.policy
        most, usual = settings.expires_max_seconds, settings.expires_default_seconds
        directory, bounds = Directory(self.slack, self.team_id), Bounds(most, usual, settings.templates, policy)
        return Judging(self.slack, directory, self.team_id, settings.smtp_url is not None, bounds)

    def answering(self) -> OrdersAsked:
        """What answers to clients that ask for orders."""
        settings = self.settings
        opener, keys = LinkOpener(settings.signing_dir), partial(believed, settings.signing_dir)
        return OrdersAsked(self.store, self._judging(), opener, keys, settings.opens_here_only)

    def making_records(self) -> RecordsAsked:
        """What makes the records that clients ask for."""
        settings = self.settings
        opener, keys = LinkOpener(settings.signing_dir), partial(believed, settings.signing_dir)
        return RecordsAsked(self.store, self._judging(), opener, keys)

    def revoking(self) -> RevokesAsked:
        """What revokes for clients that ask for it."""
        settings = self.settings
        opener, keys = LinkOpener(settings.signing_dir), partial(believed, settings.signing_dir)
        return RevokesAsked(self.store, self.team_id, opener, keys)

    def leavers(self) -> Leavers:
        """What ends the tokens of those who left."""
        return Leavers(self.store, self.slack, self.team_id, self.settings.policy)

    def delivering(self, mail: Mail | None) -> SealedDeliveries:
        """What delivers the links that others sealed."""
        settings = self.settings
        return SealedDeliveries(
            self.store,
            self.slack,
            LinkOpener(settings.signing_dir),
            partial(believed, settings.signing_dir),
            settings.opens_here_only,
            mail,
            policy=settings.policy,
        )

    def vouching_for_kept(self) -> LinksKept:
        """What looks into drops whose links their sealers keep."""
        settings = self.settings
        keys = partial(believed, settings.signing_dir)
        return LinksKept(self.store, self.slack, keys, settings.opens_here_only, settings.policy)

    def incident_links(self, rights: Rights) -> IncidentLinks:
        """What gives out the list of an incident as a page and a table."""
        settings = self.settings
        channel = settings.audit_channel if settings.has_audit_channel else None
        pages = pages_of_providers(settings.templates)
        return IncidentLinks(self.store, self.slack, rights, channel, settings.audit_show_labels, pages)

    def records(self, underway: Underway, pool: SealingPool, home: HomeDesk) -> RecordDesk:
        """What makes records for people, and rotates them."""
        policy, carrying = self.settings.policy, CarryingOut(self.store, self.slack, Couriers(self.slack, None))
        storing = Storing(self.store, pool, underway)
        return RecordDesk(
            self.store,
            self.people,
            RecordRights(self.store, self.people, home.rights, policy),
            Openers(self.store, pool),
            RecordHanding(self.store, storing, carrying, self.team_id, policy),
            carrying,
            underway,
            self.expiries,
            self.anything,
            policy,
            self.settings.opens_here_only,
        )

    def parts(
        self, dispatcher: Dispatcher, underway: Underway, pool: SealingPool, home: HomeDesk, mail: Mail | None
    ) -> Parts:
        """What the listeners call."""
        settings, store, slack, people, team_id = self.settings, self.store, self.slack, self.people, self.team_id
        policy, expiries = settings.policy, self.expiries
        buttons = Buttons(store, home.rights)
        home_presses = HomePresses(store, slack, home, buttons, underway, settings.audit_show_labels)
        requests = RequestDesk(store, slack, people, team_id, expiries, policy, self.anything)
        links, shows = self.incident_links(home.rights), settings.audit_show_labels
        incidents = IncidentDesk(store, slack, home.rights, dispatcher.wake, links, shows, settings.rotate_url)
        return Parts(
            slack=slack,
            command=Command(
                slack,
                people,
                expiries,
                underway,
                EvidenceDesk(store, settings.may_have_evidence),
                TokenDesk(store, slack, people, team_id, policy),
                requests,
                incidents,
                DisputeDesk(store, slack, home.rights, settings.audit_show_labels),
                templates=settings.templates,
                opens_here_only=settings.opens_here_only,
                policy=policy,
                can_mail=mail is not None,
            ),
            sending=Sending(
                store=store,
                slack=slack,
                people=people,
                storing=Storing(store, pool, underway),
                asking=AskingToDelete(store, slack),
                expiries=expiries,
                team_id=team_id,
                opens_here_only=settings.opens_here_only,
                templates=settings.templates,
                policy=policy,
                mail=mail,
            ),
            presses=Presses(
                slack,
                buttons,
                StartingAgain(slack, buttons, people, expiries, policy, settings.templates, can_mail=mail is not None),
                requests,
                PressToOpen(store, slack),
                Rotation(store, slack, people, buttons, home.changed),
                dispatcher,
                underway,
                home_presses,
            ),
            shortcut=Shortcut(
                slack,
                people,
                expiries,
                policy,
                own=frozenset(str(self.identity[name]) for name in ("user_id", "bot_id") if self.identity.get(name)),
                opens_here_only=settings.opens_here_only,
                can_mail=mail is not None,
                template=self.anything,
            ),
            dispatcher=dispatcher,
            underway=underway,
            home=home_presses,
            tokens=TokenWindow(store, slack, people, team_id, policy),
            records=RecordWindow(store, slack, self.records(underway, pool, home), home, incidents),
        )
