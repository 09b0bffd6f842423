// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

/// @title Simple orders: the seven calls every CoreProver has
/// @notice One payment in the chain's coin under an id the buyer chooses. A seller who commits by signature is
/// trusted to deliver; a seller who commits by deposit exchanges it for the payment. For anything else use terms
/// orders (`ITermsOrders`).
interface ICoreProverEscrow {
    /// @notice The caller pays `msg.value` into order `orderId` for `seller`.
    /// @param orderId any id that was never used here
    /// @param seller who may commit
    /// @param commitmentWindow seconds from now in which the seller may commit
    /// @param claimWindow seconds after that in which he may claim; above 0
    /// @param allowsTimedRelease whether anyone may release the payment from `timedRelease` on
    /// @param timedReleaseDelay seconds from the end of the commitment window to the timed release; 0 when there is
    /// none, at most `claimWindow`
    /// @return orderId again
    function createEscrow(
        bytes32 orderId,
        address seller,
        uint256 commitmentWindow,
        uint256 claimWindow,
        bool allowsTimedRelease,
        uint256 timedReleaseDelay
    ) external payable returns (bytes32);

    /// @notice The seller commits with a deposit equal to the payment: from now on each side owns the other's leg.
    function sellerCommitEscrow(bytes32 orderId) external payable;

    /// @notice Anyone presents the seller's signature over `sellerCommitmentDigest`.
    function sellerCommitSignature(
        bytes32 orderId,
        bytes memory signature,
        string memory businessName,
        string memory businessLicense,
        bytes32 documentHash
    ) external;

    /// @notice Pays the payment to the seller.
    /// @return receiptId the receipt's id in the vault
    function sellerClaimPayment(bytes32 orderId) external returns (uint256);

    /// @notice Pays the seller's deposit to the buyer.
    /// @return amount what was paid
    function buyerClaimCounterEscrow(bytes32 orderId) external returns (uint256);

    /// @notice Anyone releases the payment once the timed release the buyer opted for has come.
    function triggerTimedRelease(bytes32 orderId) external;

    /// @notice Anyone returns the payment after the seller's time to commit, or to claim, has passed.
    function refundBuyerTimeout(bytes32 orderId) external;
}
