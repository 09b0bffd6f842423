// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {ITermsOrders} from "../../contracts/interfaces/ITermsOrders.sol";
import {ITreasury, Source} from "../../contracts/interfaces/ITreasury.sol";
import {OrderTerms, OrderTermsLib} from "../../contracts/libraries/OrderTerms.sol";
import {ZKB_01, ZKS_01} from "../../contracts/libraries/Circuits.sol";
import {Book, Verb} from "../escrow/OrderSpec.sol";
import {FeeToken} from "../tokens/FeeToken.sol";
import {Mood} from "./Hostile.sol";
import {SimpleGhosts} from "./SimpleGhosts.sol";

/// @notice Which orders there are: of every kind, with any tokens, parties and rates; and those that must never be.
abstract contract Opening is SimpleGhosts {
    using OrderTermsLib for OrderTerms;

    uint256 internal constant KINDS = 13;
    uint256 internal _salt;
    FeeToken private _taxed;

    constructor() {
        _taxed = new FeeToken();
        address[3] memory payers = [buyer, seller, relayer];
        for (uint256 i; i < 3; ++i) {
            _taxed.mint(payers[i], 1e30);
            _allow(payers[i], address(_taxed), address(escrow), type(uint256).max);
            _allow(payers[i], address(_taxed), permit2, type(uint256).max);
        }
    }

    /// @dev An order of a kind; everything else comes from the seed.
    /// @param tokensOnly neither leg in the chain's coin, which no authorization can bring
    /// @param honest nobody hostile has a part in it
    function _newOrder(uint256 kind, uint256 seed, bool tokensOnly, bool honest) internal returns (uint256) {
        uint256 rates = uint256(keccak256(abi.encode(seed, "rates")));
        OrderTerms memory o = _kind(kind);
        // a single unit now and then: what is split of it is nothing for one side
        o.amount = uint96(seed & 7 == 0 ? 1 + (seed >> 8) % 10 : 1 + (seed >> 8) % 1e24);
        if (o.counterAmount != 0) o.counterAmount = uint96(1 + (seed >> 96) % 1e24);
        uint256 choice = uint256(keccak256(abi.encode(seed, "tokens and parties")));
        (uint256 first, uint256 end) = (tokensOnly ? 1 : 0, honest ? 3 : 4);
        o.token = _tokens[first + choice % (end - first)];
        if (o.counterAmount != 0) o.counterToken = _tokens[first + (choice >> 8) % (end - first)];
        if (!honest && (choice >> 16) & 7 == 0) o.buyer = address(_hostileBuyer);
        if (!honest && (choice >> 24) & 7 == 0) o.seller = address(_hostileSeller);
        o.silence = uint8((choice >> 32) & 1);
        _rate(o, rates);
        if (honest) o.feeReceiver = feeReceiver;
        _pin(o);
        o.salt = bytes32(++_salt);
        return _register(o);
    }

    function _kind(uint256 k) private view returns (OrderTerms memory o) {
        if (k == 0) o = _plain();
        else if (k == 1) o = _timed();
        else if (k == 2) o = _arbitrated();
        else if (k <= 4) o = _bonded();
        else if (k == 5) o = _attested();
        else if (k == 6 || k == 12) o = _proven();
        else if (k == 7) o = _partial();
        else if (k == 8) o = _swapped();
        else if (k == 9) o = _timedArbitrated();
        else if (k == 10) o = _timedAttested();
        else o = _shielded();
        // a bond, where it may have one, with or without a shielded role
        if (k == 4 || k == 11) (o.counterAmount, o.slashBps, o.zkbVersion) = (1, 10_000, 1);
        if (k == 9) (o.counterAmount, o.slashBps) = (1, 2500);
        if (k == 12) _arbitrateProof(o);
    }

    /// @dev Proven delivery that may still be contested, and a bond that may be lost.
    function _arbitrateProof(OrderTerms memory o) private view {
        OrderTerms memory a = _arbitrated();
        (o.arbiter, o.reviewWindow, o.disputeWindow) = (a.arbiter, a.reviewWindow, a.disputeWindow);
        (o.counterAmount, o.slashBps) = (1, 5000);
    }

    // any sixteen bits, bounded
    // forge-lint: disable-next-item(unsafe-typecast)
    function _rate(OrderTerms memory o, uint256 rates) private view {
        o.maxFeeBps = uint16(_bound(uint16(rates), 0, 1000));
        o.feeBps = uint16(_bound(uint16(rates >> 16), 0, o.maxFeeBps));
        o.feeReceiver = rates & 1 == 0 ? feeReceiver : address(_hostilePayee);
        if (o.arbiter == address(0)) return;
        o.disputeBondBps = uint16(_bound(uint16(rates >> 32), 0, 10_000));
        o.arbiterFeeBps = uint16(_bound(uint16(rates >> 48), 0, o.disputeBondBps));
    }

    /// @dev The newest versions: earlier ones are revoked.
    function _pin(OrderTerms memory o) private view {
        if (o.deliveryVersion != 0) o.deliveryVersion = _version[DELIVERY_CIRCUIT];
        if (o.zkbVersion != 0) o.zkbVersion = _version[ZKB_01];
        if (o.zksVersion != 0) o.zksVersion = _version[ZKS_01];
    }

    /// @notice Terms that break a rule never become an order.
    function openUnsound(uint256 seed, uint16 by) external counted {
        OrderTerms memory o = _withFee(_bonded());
        uint256 which = seed % 10;
        if (which == 0) o.feeBps = uint16(_bound(by, o.maxFeeBps + 1, type(uint16).max));
        else if (which == 1) o.maxFeeBps = uint16(_bound(by, 1001, type(uint16).max));
        else if (which == 2) o.slashBps = uint16(_bound(by, 10_001, type(uint16).max));
        else if (which == 3) o.feeReceiver = address(0);
        else if (which == 4) o.buyer = address(escrow);
        else if (which == 5) o.arbiter = o.seller;
        else if (which == 6) o.arbiterFeeBps = uint16(_bound(by, o.disputeBondBps + 1, type(uint16).max));
        else if (which == 7) o.deliverBy = uint40(o.commitBy + by % 1 hours);
        else if (which == 8) o.timedRelease = o.deliverBy;
        else o.policy = uint8(_bound(by, 16, 255));
        _refused(o, _callOf(o, _idOf(o), _noBook(), Verb.CREATE, 0), "unsound terms became an order");
        if (_refusal != ITermsOrders.InvalidTerms.selector) _note("unsound terms, and another reason");
        ++reached["unsound terms"];
    }

    /// @notice A token that keeps a part of what is paid is refused, by whatever way it comes.
    function openTaxed(uint256 seed, uint96 amount, uint16 keeps) external counted {
        _taxed.setFeeBps(_bound(keeps, 1, 10_000));
        OrderTerms memory o = _plain();
        // at least one unit is kept
        o.amount = uint96(_bound(amount, 10_000, 1e24));
        uint256 way = seed % 5;
        // as a bond, or as the payment
        if (way == 4) (o.counterToken, o.counterAmount) = (address(_taxed), o.amount);
        else o.token = address(_taxed);
        bytes32 id = _idOf(o);
        bytes memory data;
        if (way == 0) data = _callOf(o, id, _noBook(), Verb.CREATE, 0);
        else if (way == 1) data = _callOf(o, id, _noBook(), Verb.CREATE_AUTH, 0);
        else if (way == 2) data = _fundedCall(o, id, Verb.CREATE_AUTH, Source.PERMIT2);
        else if (way == 3) data = _fundedCall(o, id, Verb.CREATE_AUTH, Source.EIP2612);
        else data = _callOf(o, id, _noBook(), Verb.CREATE_COMMIT, 0);
        _refused(o, data, "a token that keeps a part became an order");
        if (_refusal != ITreasury.InexactTransfer.selector) _note("a token that keeps a part, and another reason");
        ++reached[way == 4 ? "taxed bond" : "taxed payment"];
    }

    /// @notice The same of the token that is honest at other times.
    function openWhileTaxed(bool authorized, uint96 amount) external counted {
        _hostile.set(Mood.TAKES_A_FEE, address(0), "");
        OrderTerms memory o = _plain();
        (o.token, o.amount, o.salt) = (address(_hostile), uint96(_bound(amount, 1, 1e24)), bytes32(++_salt));
        _try(_register(o), authorized ? Verb.CREATE_AUTH : Verb.CREATE, relayer, 0);
    }

    function _idOf(OrderTerms memory o) private returns (bytes32) {
        o.salt = bytes32(++_salt);
        return escrow.orderIdOf(o.pack());
    }

    function _noBook() private pure returns (Book memory b) {}

    function _refused(OrderTerms memory o, bytes memory data, string memory otherwise) private {
        if (_send(relayer, 0, data, false)) _note(otherwise);
        if (escrow.slot(escrow.orderIdOf(o.pack())) != 0) _note("a refused order left a trace");
    }
}
