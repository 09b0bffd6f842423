// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {Vm} from "forge-std/Vm.sol";
import {SimpleCalls} from "../escrow/SimpleCalls.sol";
import {TypedErrors} from "../escrow/TypedErrors.sol";
import {TestUSD} from "../tokens/TestUSD.sol";
import {Fold} from "./Fold.sol";
import {HostileToken, HostileWallet} from "./Hostile.sol";

/// @notice Who plays, with what money, and one way to call that watches everybody's money.
abstract contract Actors is SimpleCalls, Fold {
    /// @dev What somebody has in a token: in hand and credited.
    struct Wealth {
        uint256[4] of_; // by token
    }

    HostileToken internal _hostile;
    HostileWallet internal _hostileBuyer;
    HostileWallet internal _hostileSeller;
    HostileWallet internal _hostilePayee;
    address[4] internal _tokens;
    address[] internal _actors;

    /// @dev What open orders and set-aside credits come to, and what was given away to the contract.
    mapping(address token => uint256) internal _inside;
    mapping(address token => uint256) public donated;

    /// @notice How often each transition was reached.
    mapping(string transition => uint256 count) public reached;

    /// @notice How many calls the fuzzer has made in this run.
    uint256 public calls;

    /// @notice Calls to the escrow that the table of states chose, and those that anybody made as he liked.
    uint256 public guided;
    uint256 public free;
    bool internal _guiding;

    /// @dev The selector of the refusal that came last.
    bytes4 internal _refusal;

    constructor() {
        setUp();
        _hostile = new HostileToken();
        _hostileBuyer = new HostileWallet(buyer);
        _hostileSeller = new HostileWallet(seller);
        _hostilePayee = new HostileWallet(relayer);
        _tokens = [address(0), address(usd), address(eur), address(_hostile)];
        _actors = [buyer, seller, address(_hostileBuyer), address(_hostileSeller), arbiter, relayer];
        _actors.push(feeReceiver);
        _actors.push(address(_hostilePayee));
        _actors.push(thief);
        _actors.push(attester);
        _actors.push(stash);
        for (uint256 i; i < 6; ++i) {
            for (uint256 t = 1; t < 4; ++t) {
                TestUSD(_tokens[t]).mint(_actors[i], 1e30);
                _allow(_actors[i], _tokens[t], address(escrow), type(uint256).max);
                _allow(_actors[i], _tokens[t], permit2, type(uint256).max);
            }
            deal(_actors[i], 1e30);
        }
    }

    function _allow(address owner, address token, address spender, uint256 amount) internal {
        vm.prank(owner);
        TestUSD(token).approve(spender, amount);
    }

    /// @dev A function that the fuzzer calls.
    modifier counted() {
        ++calls;
        _;
    }

    /// @dev The calls of this function are chosen by the table.
    modifier guides() {
        _guiding = true;
        _;
        _guiding = false;
    }

    function _wealth(address who) internal view returns (Wealth memory w) {
        w.of_[0] = who.balance + escrow.owed(address(0), who);
        for (uint256 t = 1; t < 4; ++t) {
            w.of_[t] = TestUSD(_tokens[t]).balanceOf(who) + escrow.owed(_tokens[t], who);
        }
    }

    function _wealths() internal view returns (Wealth[] memory all) {
        all = new Wealth[](_actors.length);
        for (uint256 i; i < all.length; ++i) {
            all[i] = _wealth(_actors[i]);
        }
    }

    /// @dev Nobody but these became richer.
    function _onlyRicher(Wealth[] memory before, address[4] memory may) internal {
        for (uint256 i; i < before.length; ++i) {
            address who = _actors[i];
            if (who == may[0] || who == may[1] || who == may[2] || who == may[3]) continue;
            Wealth memory now_ = _wealth(who);
            for (uint256 t; t < 4; ++t) {
                if (now_.of_[t] > before[i].of_[t]) _note("money to somebody the terms do not name");
            }
        }
    }

    /// @dev Calls the escrow, folds what it logged, and insists on typed refusals.
    function _send(address caller, uint256 value, bytes memory data, bool mayFailOddly) internal returns (bool done) {
        if (_guiding) ++guided;
        else ++free;
        vm.recordLogs();
        vm.prank(caller);
        bytes memory answer;
        // gas for every payout there can be; what a hostile party burns must not end the run
        (done, answer) = address(escrow).call{value: value, gas: 4_000_000}(data);
        // what a reverted call has logged is recorded too, and never happened
        Vm.Log[] memory logs = vm.getRecordedLogs();
        if (done) _fold(logs, address(escrow), address(vault), vm.getBlockTimestamp());
        // the selector comes first
        // forge-lint: disable-next-line(unsafe-typecast)
        else _refusal = bytes4(answer);
        if (!done && !mayFailOddly && !TypedErrors.isTyped(answer)) {
            _note(string.concat("refused without a typed error: ", vm.toString(answer)));
        }
        if (_hostile.everSucceeded() || _hostileBuyer.everSucceeded() || _hostileSeller.everSucceeded()) {
            _note("re-entered");
        }
        if (_hostilePayee.everSucceeded()) _note("re-entered by the payee of a fee");
    }

    // What the suite reads

    function tokens(uint256 i) external view returns (address) {
        return _tokens[i];
    }

    /// @notice What the contract must hold in a token, to the last unit.
    function expectedIn(address token) public view returns (uint256) {
        return _inside[token] + _owedTotal[token] + donated[token];
    }

    function balanceIn(address token) public view returns (uint256) {
        return token == address(0) ? address(escrow).balance : TestUSD(token).balanceOf(address(escrow));
    }

    function _count(uint8 from, uint8 to, string memory verb) internal {
        ++reached[string.concat(vm.toString(from), "->", vm.toString(to), " ", verb)];
    }
}
