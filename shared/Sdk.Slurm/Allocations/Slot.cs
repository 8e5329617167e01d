namespace Holoflow.Sdk.Slurm.Allocations;

/// <summary>A task that a slot was given.</summary>
/// <param name="number">The execution.</param>
/// <param name="task">The task run.</param>
/// <param name="name">The task.</param>
/// <param name="identity">The hash of its name and inputs.</param>
sealed class Assignment(long number, Guid task, string name, string identity)
{
    public long Number => number;

    public Guid Task => task;

    public string Name => name;

    public string Identity => identity;

    /// <summary>Who waits for it; null where an earlier flow process did.</summary>
    public RemoteCall? Call { get; set; }

    /// <summary>When it was seen to have started.</summary>
    public DateTimeOffset? StartedAt { get; set; }

    public bool CancelSent { get; set; }
}

/// <summary>A place of an allocation, where one worker process after another executes tasks.</summary>
/// <param name="allocation">The allocation.</param>
/// <param name="index">Which one; of an array task, its index.</param>
sealed class Slot(Allocation allocation, int index)
{
    const int MostStarts = 5;

    public Allocation Allocation => allocation;

    public int Index => index;

    /// <summary>The tasks that it has, in the order in which it executes them.</summary>
    public Dictionary<long, Assignment> Given { get; } = [];

    /// <summary>True once a worker has said that it works.</summary>
    public bool IsReady { get; set; }

    /// <summary>True where no worker fills it any more.</summary>
    public bool IsDead { get; private set; }

    /// <summary>Lines that are to be appended to its work.</summary>
    public List<byte[]> Outbox { get; } = [];

    /// <summary>How long the file of its work is, in bytes.</summary>
    public long Posted { get; set; }

    public Assignment? Executing => Given.Values.FirstOrDefault(a => a.StartedAt is not null);

    /// <summary>Appends what is in the outbox to the file of its work. Where the disk is full it throws; the next try writes the same at the same place.</summary>
    public void Post()
    {
        if (Outbox.Count == 0)
            return;
        var bytes = Outbox.SelectMany(line => line).ToArray();
        // Closed each time: a network file system hands on what was written when a file is closed.
        using (var file = new FileStream(allocation.Job.Directory.Work(index), FileMode.OpenOrCreate, FileAccess.Write, FileShare.Read, bufferSize: 0))
        {
            file.Position = Posted;
            file.Write(bytes);
        }

        Posted += bytes.Length;
        Outbox.Clear();
    }

    /// <summary>Notes that a worker has ended.</summary>
    public void WorkerEnded(int start, int status)
    {
        IsReady = false;
        IsDead = status == 0 || start + 1 >= MostStarts;
    }
}
