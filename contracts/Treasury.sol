// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {Guard} from "guard/Guard.sol";
import {IERC20} from "@openzeppelin/contracts/interfaces/IERC20.sol";
import {SafeTransferLib} from "solady/utils/SafeTransferLib.sol";
import {IERC2612, IERC3009, IPermit2} from "./interfaces/ITokens.sol";
import {Funding, ITreasury, Pull, Source} from "./interfaces/ITreasury.sol";

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

    /// @dev Takes exactly what `pull` says from `pull.from`, or reverts.
    function _pull(Pull memory pull, Funding calldata funding) internal {
        uint256 before = IERC20(pull.token).balanceOf(address(this));
        if (funding.source == Source.EIP3009) _pullByAuthorization(pull, funding.signature);
        else if (funding.source == Source.PERMIT2) _pullByPermit2(pull, funding.signature);
        else _pullByAllowance(pull, funding);
        uint256 received = IERC20(pull.token).balanceOf(address(this)) - before;
        if (received != pull.amount) revert InexactTransfer(pull.token, pull.amount, received);
    }

    function _pullByAuthorization(Pull memory pull, bytes calldata signature) private {
        if (signature.length == 65) {
            IERC3009(pull.token)
                .receiveWithAuthorization(
                    pull.from,
                    address(this),
                    pull.amount,
                    0,
                    pull.deadline + 1,
                    pull.nonce,
                    uint8(signature[64]),
                    bytes32(signature[:32]),
                    bytes32(signature[32:64])
                );
        } else {
            IERC3009(pull.token)
                .receiveWithAuthorization(
                    pull.from, address(this), pull.amount, 0, pull.deadline + 1, pull.nonce, signature
                );
        }
    }

    function _pullByPermit2(Pull memory pull, bytes calldata signature) private {
        IPermit2(permit2)
            .permitWitnessTransferFrom(
                IPermit2.PermitTransferFrom({
                permitted: IPermit2.TokenPermissions({token: pull.token, amount: pull.amount}),
                nonce: uint256(pull.nonce),
                deadline: pull.deadline
            }),
                IPermit2.SignatureTransferDetails({to: address(this), requestedAmount: pull.amount}),
                pull.from,
                pull.witness,
                pull.witnessType,
                signature
            );
    }

    function _pullByAllowance(Pull memory pull, Funding calldata funding) private {
        if (funding.source == Source.EIP2612) {
            bytes calldata signature = funding.signature;
            if (signature.length != 65) revert BadSignature(pull.from);
            // A permit that somebody else has already presented fails here and is as good: the transfer decides.
            try IERC2612(pull.token)
                .permit(
                    pull.from,
                    address(this),
                    pull.amount,
                    pull.deadline,
                    uint8(signature[64]),
                    bytes32(signature[:32]),
                    bytes32(signature[32:64])
                ) {}
                catch {}
        }
        SafeTransferLib.safeTransferFrom(pull.token, pull.from, address(this), pull.amount);
    }
}
