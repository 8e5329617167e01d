using System.Security.Cryptography;
using System.Text;

namespace Holoflow.Sdk;

/// <summary>Ids of task runs and nested runs: made from the run and the key, so that every attempt finds the same ones.</summary>
static class RunIds
{
    const int LongestOnStack = 512;

    /// <summary>A name-based UUID (version 8 of RFC 9562, over SHA-256).</summary>
    public static Guid Of(Guid run, string key)
    {
        var length = 16 + Encoding.UTF8.GetByteCount(key);
        Span<byte> named = length <= LongestOnStack ? stackalloc byte[length] : new byte[length];
        run.TryWriteBytes(named, bigEndian: true, out _);
        Encoding.UTF8.GetBytes(key, named[16..]);
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(named, hash);
        hash[6] = (byte)(hash[6] & 0x0F | 0x80);
        hash[8] = (byte)(hash[8] & 0x3F | 0x80);
        return new Guid(hash[..16], bigEndian: true);
    }
}
