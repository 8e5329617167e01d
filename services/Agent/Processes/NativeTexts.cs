using System.Runtime.InteropServices;

namespace Holoflow.Agent.Processes;

/// <summary>Texts as a C program takes them: an array of pointers that ends with a null.</summary>
sealed unsafe class NativeTexts : IDisposable
{
    readonly List<nint> _texts;

    public NativeTexts(IEnumerable<string> texts)
    {
        _texts = [.. texts.Select(Marshal.StringToCoTaskMemUTF8)];
        Pointer = (byte**)NativeMemory.AllocZeroed((nuint)(_texts.Count + 1), (nuint)sizeof(byte*));
        for (var i = 0; i < _texts.Count; i++)
            Pointer[i] = (byte*)_texts[i];
    }

    public byte** Pointer { get; }

    public void Dispose()
    {
        foreach (var text in _texts)
            Marshal.FreeCoTaskMem(text);
        NativeMemory.Free(Pointer);
    }
}
