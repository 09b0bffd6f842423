// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {Guard} from "guard/Guard.sol";
import {FixedPointMathLib} from "solady/utils/FixedPointMathLib.sol";
import {SafeTransferLib} from "solady/utils/SafeTransferLib.sol";
import {IERC2612, IPermit2} from "./interfaces/ITokens.sol";
import {ITreasury, Pull, Source} from "./interfaces/ITreasury.sol";

/// @title How money enters and leaves a settlement contract
/// @notice In: the exact amount or nothing, by allowance, EIP-3009, Permit2 or EIP-2612. Out: a payout that its payee
/// or its token refuses is credited to `owed`, so that nobody can block anybody else.
/// @dev address(0) stands for the chain's own coin everywhere.
abstract contract Treasury is Guard, ITreasury {
    /// @dev Gas that every payout inside a verb forwards: enough for any honest wallet, too little to burn a verb's gas.
    uint256 internal constant PAYOUT_GAS = 100_000;

    /// @dev What must be left before a payout, so that EIP-150 cannot forward less than PAYOUT_GAS unseen and the
    /// credit that follows a failure can still be written.
    uint256 private constant PAYOUT_RESERVE = PAYOUT_GAS * 64 / 63 + 35_000;

    bytes4 private constant RECEIVE_WITH_VRS = bytes4(
        keccak256("receiveWithAuthorization(address,address,uint256,uint256,uint256,bytes32,uint8,bytes32,bytes32)")
    );
    bytes4 private constant RECEIVE_WITH_BYTES =
        bytes4(keccak256("receiveWithAuthorization(address,address,uint256,uint256,uint256,bytes32,bytes)"));

    /// @inheritdoc ITreasury
    address public immutable permit2;

    /// @inheritdoc ITreasury
    mapping(address token => mapping(address party => uint256 amount)) public owed;

    constructor(address permit2_) {
        permit2 = permit2_;
    }

    /// @inheritdoc ITreasury
    function withdraw(address token, address party) external nonReentrant returns (uint256 amount) {
        amount = _withdraw(token, party, party);
    }

    /// @inheritdoc ITreasury
    function withdrawTo(address token, address to) external nonReentrant returns (uint256 amount) {
        if (to == address(0) || to == address(this)) revert BadRecipient(to);
        amount = _withdraw(token, msg.sender, to);
    }

    /// @dev Empties a credit and pays it, or reverts.
    function _withdraw(address token, address party, address to) private returns (uint256 amount) {
        amount = owed[token][party];
        if (amount == 0) revert NothingOwed(token, party);
        owed[token][party] = 0;
        emit Withdrawn({token: token, party: party, to: to, amount: amount});
        _send(token, to, amount);
    }

    /// @dev Pays with all gas and reverts on failure.
    function _send(address token, address to, uint256 amount) internal {
        if (token == address(0)) SafeTransferLib.safeTransferETH(to, amount);
        else SafeTransferLib.safeTransfer(token, to, amount);
    }

    /// @dev Pays with exactly PAYOUT_GAS and credits the payee when that fails. Never reverts because of payee or token.
    function _pay(address token, address to, uint256 amount) internal {
        if (amount == 0) return;
        if (gasleft() < PAYOUT_RESERVE) revert NotEnoughGas(PAYOUT_RESERVE);
        if (!_tryTransfer(token, to, amount)) {
            owed[token][to] += amount;
            emit Owed({token: token, party: to, amount: amount});
        }
    }

    /// @dev Pays with exactly PAYOUT_GAS and says whether it worked.
    function _tryTransfer(address token, address to, uint256 amount) private returns (bool done) {
        if (token == address(0)) {
            assembly ("memory-safe") {
                done := call(PAYOUT_GAS, to, amount, 0x00, 0x00, 0x00, 0x00)
            }
        } else {
            assembly ("memory-safe") {
                let free := mload(0x40)
                mstore(0x00, 0xa9059cbb000000000000000000000000) // transfer(address,uint256)
                mstore(0x14, to)
                mstore(0x34, amount)
                // At most one word of the answer is read: nothing, with code behind it, or exactly true.
                done := call(PAYOUT_GAS, token, 0x00, 0x10, 0x44, 0x00, 0x20)
                switch returndatasize()
                case 0 { done := and(done, gt(extcodesize(token), 0)) }
                default { done := and(done, and(gt(returndatasize(), 0x1f), eq(mload(0x00), 1))) }
                mstore(0x40, free)
            }
        }
    }

    /// @dev The Permit2 witness type, from the name of the member on.
    function _witnessType() internal pure virtual returns (string memory);

    /// @dev Takes exactly what `pull` says from `pull.from`, or reverts.
    function _pull(Pull memory pull, Source source, bytes calldata signature) internal {
        uint256 before = SafeTransferLib.balanceOf(pull.token, address(this));
        if (source == Source.EIP3009) {
            _receiveWithAuthorization(pull, signature);
        } else if (source == Source.PERMIT2) {
            _permitTransfer(pull, signature);
        } else {
            if (source == Source.EIP2612) _permit(pull, signature);
            SafeTransferLib.safeTransferFrom(pull.token, pull.from, address(this), pull.amount);
        }
        _requireArrived(pull.token, before, pull.amount);
    }

    /// @dev Reverts unless exactly `amount` has come since the balance was `before`.
    function _requireArrived(address token, uint256 before, uint256 amount) internal view {
        uint256 received = SafeTransferLib.balanceOf(token, address(this)) - before;
        if (received != amount) revert InexactTransfer(token, amount, received);
    }

    /// @dev EIP-3009 by hand, because the two forms share all but their ends: a 65-byte signature goes as v, r, s, any
    /// other as bytes, for contract wallets. A failure is passed on; what counts as success is what arrives.
    function _receiveWithAuthorization(Pull memory pull, bytes calldata signature) private {
        (address token, address from, uint256 amount) = (pull.token, pull.from, pull.amount);
        (bytes32 nonce, uint256 validAfter) = (pull.nonce, pull.validAfter);
        uint256 validBefore = FixedPointMathLib.saturatingAdd(pull.deadline, 1);
        bool plain = signature.length == 65;
        bytes4 selector = plain ? RECEIVE_WITH_VRS : RECEIVE_WITH_BYTES;
        assembly ("memory-safe") {
            let data := mload(0x40)
            mstore(data, selector)
            mstore(add(data, 0x04), from)
            mstore(add(data, 0x24), address())
            mstore(add(data, 0x44), amount)
            mstore(add(data, 0x64), validAfter)
            mstore(add(data, 0x84), validBefore)
            mstore(add(data, 0xa4), nonce)
            let size := 0x124
            switch plain
            case 1 {
                mstore(add(data, 0xc4), byte(0, calldataload(add(signature.offset, 0x40)))) // v
                calldatacopy(add(data, 0xe4), signature.offset, 0x40) // r, s
            }
            default {
                mstore(add(data, 0xc4), 0xe0) // where the bytes begin, counted from `from`
                mstore(add(data, 0xe4), signature.length)
                calldatacopy(add(data, 0x104), signature.offset, signature.length)
                mstore(add(add(data, 0x104), signature.length), 0x00) // padding
                size := add(0x104, and(add(signature.length, 0x1f), not(0x1f)))
            }
            if iszero(call(gas(), token, 0x00, data, size, 0x00, 0x00)) {
                returndatacopy(data, 0x00, returndatasize())
                revert(data, returndatasize())
            }
        }
    }

    /// @dev Permit2's `permitWitnessTransferFrom`, by hand for its size; see `IPermit2`. A failure is passed on.
    function _permitTransfer(Pull memory pull, bytes calldata signature) private {
        address target = permit2;
        bytes4 selector = IPermit2.permitWitnessTransferFrom.selector;
        string memory text = _witnessType();
        assembly ("memory-safe") {
            let data := mload(0x40)
            mstore(data, selector)
            let head := add(data, 0x04)
            mstore(head, mload(pull)) // permitted.token
            mstore(add(head, 0x20), mload(add(pull, 0x40))) // permitted.amount
            mstore(add(head, 0x40), mload(add(pull, 0x60))) // nonce
            mstore(add(head, 0x60), mload(add(pull, 0x80))) // deadline
            mstore(add(head, 0x80), address()) // to
            mstore(add(head, 0xa0), mload(add(pull, 0x40))) // requestedAmount
            mstore(add(head, 0xc0), mload(add(pull, 0x20))) // owner
            mstore(add(head, 0xe0), mload(add(pull, 0xa0))) // witness
            mstore(add(head, 0x100), 0x140) // where the witness type begins
            let size := add(0x20, and(add(mload(text), 0x1f), not(0x1f))) // its length word and padded bytes
            mstore(add(head, 0x120), add(0x140, size)) // where the signature begins
            let tail := add(head, 0x140)
            pop(staticcall(gas(), 0x04, text, size, tail, size)) // the identity precompile copies
            tail := add(tail, size)
            mstore(tail, signature.length)
            calldatacopy(add(tail, 0x20), signature.offset, signature.length)
            mstore(add(add(tail, 0x20), signature.length), 0x00) // padding
            tail := add(tail, add(0x20, and(add(signature.length, 0x1f), not(0x1f))))
            if iszero(call(gas(), target, 0x00, data, sub(tail, data), 0x00, 0x00)) {
                returndatacopy(data, 0x00, returndatasize())
                revert(data, returndatasize())
            }
        }
    }

    /// @dev The permit is the first 65 bytes. One that somebody else has already presented fails here and is as good:
    /// the transfer decides.
    function _permit(Pull memory pull, bytes calldata signature) internal {
        if (signature.length < 65) revert BadSignature(pull.from);
        (address token, address from) = (pull.token, pull.from);
        (uint256 amount, uint256 deadline) = (pull.amount, pull.deadline);
        bytes4 selector = IERC2612.permit.selector;
        assembly ("memory-safe") {
            let data := mload(0x40)
            mstore(data, selector)
            mstore(add(data, 0x04), from)
            mstore(add(data, 0x24), address())
            mstore(add(data, 0x44), amount)
            mstore(add(data, 0x64), deadline)
            mstore(add(data, 0x84), byte(0, calldataload(add(signature.offset, 0x40)))) // v
            calldatacopy(add(data, 0xa4), signature.offset, 0x40) // r, s
            pop(call(gas(), token, 0x00, data, 0xe4, 0x00, 0x00))
        }
    }
}
