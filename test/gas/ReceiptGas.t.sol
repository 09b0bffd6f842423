// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {IReceiptVault} from "../../contracts/interfaces/IReceiptVault.sol";
import {Receipt as OrderReceipt} from "../../contracts/libraries/Receipt.sol";
import {CLAIMED} from "../../contracts/libraries/Terms.sol";
import {EscrowTest} from "../escrow/EscrowTest.sol";
import {IEvmVersion} from "./IEvmVersion.sol";

/// @notice Stands where the escrow stands, and measures one call to the vault.
contract Minter {
    /// @return used what the call costs inside a transaction that has not touched the vault before
    function measure(address vault, bytes calldata data) external returns (uint256 used) {
        bytes memory copy = data;
        uint256 before = gasleft();
        (bool done,) = vault.call(copy);
        used = before - gasleft();
        require(done, "refused");
    }
}

/// @notice What the vault's part of a receipt costs inside a payout: the call to a cold contract, the log and, for a
/// simple order, the slot. `script/tools/gas-table.mjs` takes it off the payouts where a peer leaves no receipt.
/// @dev Not measured as a transaction of its own, which would pay the floor price of its calldata instead. What the
/// escrow itself spends on building and hashing a receipt is not in it.
contract ReceiptGas is EscrowTest {
    Minter private minter;
    address private ownVault;

    function setUp() public override {
        IEvmVersion(address(vm)).setEvmVersion("osaka");
        super.setUp();
        minter = new Minter();
        ownVault = vm.deployCode("ReceiptVault.sol:ReceiptVault", abi.encode(minter, registry, address(0)));
    }

    function test_gas_issue() public {
        OrderReceipt memory r;
        (r.chainId, r.minter, r.orderId) = (block.chainid, address(minter), keccak256("order"));
        (r.buyer, r.seller, r.sessionId) = (buyer, seller, keccak256("session"));
        (r.offerHash, r.token, r.paid) = (keccak256("offer"), address(usd), PRICE);
        (r.outcome, r.settledAt) = (CLAIMED, vm.getBlockTimestamp());
        uint256 used = minter.measure(ownVault, abi.encodeCall(IReceiptVault.issue, (r)));
        vm.snapshotValue("ReceiptVault", "issue, inside a payout", used);
    }

    function test_gas_issueSimple() public {
        bytes memory data = abi.encodeCall(IReceiptVault.issueSimple, (keccak256("key"), buyer, seller, 1 ether));
        vm.snapshotValue("ReceiptVault", "issueSimple, inside a payout", minter.measure(ownVault, data));
    }
}
