// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {ITermsOrders} from "../../contracts/interfaces/ITermsOrders.sol";
import {Source} from "../../contracts/interfaces/ITreasury.sol";
import {OrderTerms, OrderTermsLib} from "../../contracts/libraries/OrderTerms.sol";
import {OrderSpec, Verb} from "../escrow/OrderSpec.sol";
import {TestUSD} from "../tokens/TestUSD.sol";
import {Mood} from "./Hostile.sol";
import {Revocations} from "./Revocations.sol";

/// @notice The verbs that bring money, with Permit2 or EIP-2612 in the place of EIP-3009, and which money must be
/// refused because its token keeps a part.
abstract contract Funding is Revocations {
    using OrderTermsLib for OrderTerms;

    /// @dev What a verb takes from whom, if it is the role's own money.
    struct Leg {
        address owner;
        uint256 key;
        address token;
        uint256 amount;
        uint8 role;
        bytes32 receipt;
        uint256 lastSecond;
    }

    /// @dev The leg of a verb that carries an authorization for it.
    function _legOf(OrderTerms memory o, Verb v) internal view returns (Leg memory leg) {
        if (v == Verb.CREATE_AUTH) {
            (leg.owner, leg.key, leg.token, leg.amount) = (o.buyer, buyerKey, o.token, o.amount);
            (leg.receipt, leg.lastSecond) = (_receiptOf(o), o.fundBy);
        } else if (v == Verb.COMMIT_SIGNED) {
            (leg.owner, leg.key, leg.token, leg.amount) = (o.seller, sellerKey, o.counterToken, o.counterAmount);
            (leg.role, leg.lastSecond) = (1, o.commitBy);
        } else if (v == Verb.DISPUTE_SIGNED) {
            (leg.owner, leg.key, leg.token, leg.amount) = (o.buyer, buyerKey, o.token, OrderSpec.stake(o));
            (leg.role, leg.lastSecond) = (2, NEVER);
        }
    }

    /// @dev The call of `v` with the leg's money by `source`.
    function _fundedCall(OrderTerms memory o, bytes32 id, Verb v, Source source) internal view returns (bytes memory) {
        Leg memory leg = _legOf(o, v);
        bytes memory auth = _authorizationOf(leg, id, source);
        if (v == Verb.CREATE_AUTH) {
            return abi.encodeCall(ITermsOrders.create, (o.pack(), source, leg.receipt, auth));
        }
        if (v == Verb.COMMIT_SIGNED) {
            return abi.encodeCall(ITermsOrders.commit, (o.pack(), _commitmentOf(o, id, true), source, auth));
        }
        bytes32 reason = keccak256("reason");
        bytes memory signature = _signDispute(buyerKey, id, reason, NEVER);
        return abi.encodeCall(ITermsOrders.dispute, (o.pack(), reason, NEVER, signature, source, auth));
    }

    function _authorizationOf(Leg memory leg, bytes32 id, Source source) private view returns (bytes memory) {
        if (leg.token == address(0) || leg.amount == 0) return "";
        if (source == Source.PERMIT2) {
            return _permit2(leg.key, leg.token, id, leg.role, leg.receipt, leg.amount, leg.lastSecond);
        }
        TestUSD token = TestUSD(leg.token);
        bytes32 permit = keccak256(
            abi.encode(
                token.PERMIT_TYPEHASH(), leg.owner, address(escrow), leg.amount, token.nonces(leg.owner), leg.lastSecond
            )
        );
        bytes memory signature =
            _sign(leg.key, keccak256(abi.encodePacked(hex"1901", token.DOMAIN_SEPARATOR(), permit)));
        return bytes.concat(signature, _signLeg(leg.key, id, leg.role, leg.receipt));
    }

    /// @dev Whether the hostile token would keep a part of what this call brings; it does so to accounts without code.
    function _isTaxed(OrderTerms memory o, Verb v, address caller) internal view returns (bool) {
        if (_hostile.mood() != Mood.TAKES_A_FEE) return false;
        bool pays = v <= Verb.CREATE_COMMIT && o.token == address(_hostile);
        if (pays && (v == Verb.CREATE_AUTH ? o.buyer : caller).code.length == 0) return true;
        bool bonds = v >= Verb.CREATE_COMMIT && v <= Verb.COMMIT_SIGNED && o.counterToken == address(_hostile);
        if (bonds && o.counterAmount != 0 && o.seller.code.length == 0) return true;
        bool stakes = (v == Verb.DISPUTE_OWN || v == Verb.DISPUTE_SIGNED) && o.token == address(_hostile);
        return stakes && OrderSpec.stake(o) != 0 && o.buyer.code.length == 0;
    }

    function _bySource(Source source) internal pure returns (string memory) {
        return source == Source.PERMIT2 ? " by Permit2" : " by EIP-2612";
    }
}
