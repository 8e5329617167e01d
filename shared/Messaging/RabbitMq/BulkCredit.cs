namespace Holoflow.Messaging.RabbitMq;

/// <summary>
/// How many bulk messages of one sender may be on their way: published, and not done with by who takes them. What is written fast then waits
/// where it was written, and not in the queue before everybody else's.
/// </summary>
/// <param name="most">How many.</param>
/// <param name="patience">From the last word of who takes them to going on without: who is away must not keep a run from its end.</param>
/// <param name="time">The clock.</param>
sealed class BulkCredit(int most, TimeSpan patience, TimeProvider time)
{
    readonly Lock _lock = new();
    readonly Dictionary<Guid, Account> _accounts = [];
    long _heardAt = time.GetTimestamp();
    long _numbers;
    bool _isSilent;

    /// <summary>Returns when there is room for one more of a sender: its ticket, which comes back when it is done with.</summary>
    public async Task<string> Take(Guid sender, CancellationToken cancellation)
    {
        while (true)
        {
            Account account;
            Task room;
            lock (_lock)
            {
                var ticket = $"{sender:N}.{++_numbers}";
                if (_isSilent)
                    return ticket;
                if (!_accounts.TryGetValue(sender, out account!))
                    _accounts[sender] = account = new Account();
                if (account.Open.Count < most)
                {
                    account.Open.Add(ticket);
                    return ticket;
                }

                room = account.Room.Task;
            }

            try
            {
                await room.WaitAsync(patience, time, cancellation);
            }
            catch (TimeoutException)
            {
                GoOnWithout(sender, account);
            }
        }
    }

    /// <summary>It is done with.</summary>
    public void Return(string ticket)
    {
        lock (_lock)
        {
            _heardAt = time.GetTimestamp();
            _isSilent = false;
            Close(ticket);
        }
    }

    /// <summary>It was not sent.</summary>
    public void Forget(string ticket)
    {
        lock (_lock)
            Close(ticket);
    }

    /// <summary>The channel on which tickets come back is lost, and they with it.</summary>
    public void Forget()
    {
        lock (_lock)
        {
            foreach (var (sender, account) in _accounts.ToList())
            {
                account.Open.Clear();
                MakeRoom(sender, account);
            }
        }
    }

    void GoOnWithout(Guid sender, Account waited)
    {
        lock (_lock)
        {
            _isSilent |= time.GetElapsedTime(_heardAt) >= patience;
            if (!_accounts.TryGetValue(sender, out var account) || account != waited)
                return;
            account.Open.Clear();
            MakeRoom(sender, account);
        }
    }

    void Close(string ticket)
    {
        if (ticket.IndexOf('.', StringComparison.Ordinal) is var end and > 0 && Guid.TryParse(ticket.AsSpan(0, end), out var sender) && _accounts.TryGetValue(sender, out var account) && account.Open.Remove(ticket))
            MakeRoom(sender, account);
    }

    void MakeRoom(Guid sender, Account account)
    {
        if (account.Open.Count == 0)
            _accounts.Remove(sender);
        account.Room.TrySetResult();
        account.Room = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    sealed class Account
    {
        public HashSet<string> Open { get; } = new(StringComparer.Ordinal);

        public TaskCompletionSource Room { get; set; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
