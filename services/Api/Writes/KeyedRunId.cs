using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Holoflow.Api.Writes;

/// <summary>
/// The id of a run that is asked for under a key which is a UUID, as clients make one for each call: any server, also one that was started anew,
/// gives a repeat the same id, so that the id it tells before the run is stored is the run's. A key that a person chose says nothing of that kind:
/// it may come again years later, when its run was deleted.
/// </summary>
static class KeyedRunId
{
    static readonly TimeSpan Believable = TimeSpan.FromDays(1);

    /// <summary>A UUID of version 7; null: the key is none.</summary>
    /// <param name="scoped">The key as the state store knows it.</param>
    /// <param name="key">The key as the caller gave it.</param>
    /// <param name="now">Run ids tell their day: a key of version 7 tells its own.</param>
    public static Guid? Of(string scoped, string key, DateTimeOffset now)
    {
        if (!Guid.TryParse(key, out var unique))
            return null;
        Span<byte> id = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes(scoped), id);
        var day = new DateTimeOffset(now.UtcDateTime.Date, TimeSpan.Zero);
        var made = unique.Version == 7 ? MadeAt(unique) : day;
        BinaryPrimitives.WriteInt64BigEndian(id, ((made - now).Duration() < Believable ? made : day).ToUnixTimeMilliseconds() << 16 | BinaryPrimitives.ReadUInt16BigEndian(id[6..]));
        id[6] = (byte)(0x70 | (id[6] & 0x0F));
        id[8] = (byte)(0x80 | (id[8] & 0x3F));
        return new Guid(id[..16], bigEndian: true);
    }

    static DateTimeOffset MadeAt(Guid key)
    {
        Span<byte> bytes = stackalloc byte[16];
        key.TryWriteBytes(bytes, bigEndian: true, out _);
        var milliseconds = BinaryPrimitives.ReadInt64BigEndian(bytes) >>> 16;
        return milliseconds <= DateTimeOffset.MaxValue.ToUnixTimeMilliseconds() ? DateTimeOffset.FromUnixTimeMilliseconds(milliseconds) : DateTimeOffset.MaxValue;
    }
}
