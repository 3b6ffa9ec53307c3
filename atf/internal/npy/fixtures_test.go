package npy

// Files as numpy.save of NumPy 1.24 writes them, where six is
// numpy.array([[1, 2, 3], [4, 5, 6]]).
var numpyFiles = []struct{ made, want, bytes string }{
	{"six.astype('float64')", "six", "\x93NUMPY\x01\x00v\x00{'descr': '<f8', 'fortran_order': False, 'shape': (2, 3), }                                                          \n\x00\x00\x00\x00\x00\x00\xf0?\x00\x00\x00\x00\x00\x00\x00@\x00\x00\x00\x00\x00\x00\x08@\x00\x00\x00\x00\x00\x00\x10@\x00\x00\x00\x00\x00\x00\x14@\x00\x00\x00\x00\x00\x00\x18@"},
	{"six.astype('float32')", "six", "\x93NUMPY\x01\x00v\x00{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }                                                          \n\x00\x00\x80?\x00\x00\x00@\x00\x00@@\x00\x00\x80@\x00\x00\xa0@\x00\x00\xc0@"},
	{"six.astype('float16')", "six", "\x93NUMPY\x01\x00v\x00{'descr': '<f2', 'fortran_order': False, 'shape': (2, 3), }                                                          \n\x00<\x00@\x00B\x00D\x00E\x00F"},
	{"six.astype('int64')", "six", "\x93NUMPY\x01\x00v\x00{'descr': '<i8', 'fortran_order': False, 'shape': (2, 3), }                                                          \n\x01\x00\x00\x00\x00\x00\x00\x00\x02\x00\x00\x00\x00\x00\x00\x00\x03\x00\x00\x00\x00\x00\x00\x00\x04\x00\x00\x00\x00\x00\x00\x00\x05\x00\x00\x00\x00\x00\x00\x00\x06\x00\x00\x00\x00\x00\x00\x00"},
	{"six.astype('int32')", "six", "\x93NUMPY\x01\x00v\x00{'descr': '<i4', 'fortran_order': False, 'shape': (2, 3), }                                                          \n\x01\x00\x00\x00\x02\x00\x00\x00\x03\x00\x00\x00\x04\x00\x00\x00\x05\x00\x00\x00\x06\x00\x00\x00"},
	{"six.astype('int16')", "six", "\x93NUMPY\x01\x00v\x00{'descr': '<i2', 'fortran_order': False, 'shape': (2, 3), }                                                          \n\x01\x00\x02\x00\x03\x00\x04\x00\x05\x00\x06\x00"},
	{"six.astype('int8')", "six", "\x93NUMPY\x01\x00v\x00{'descr': '|i1', 'fortran_order': False, 'shape': (2, 3), }                                                          \n\x01\x02\x03\x04\x05\x06"},
	{"six.astype('uint64')", "six", "\x93NUMPY\x01\x00v\x00{'descr': '<u8', 'fortran_order': False, 'shape': (2, 3), }                                                          \n\x01\x00\x00\x00\x00\x00\x00\x00\x02\x00\x00\x00\x00\x00\x00\x00\x03\x00\x00\x00\x00\x00\x00\x00\x04\x00\x00\x00\x00\x00\x00\x00\x05\x00\x00\x00\x00\x00\x00\x00\x06\x00\x00\x00\x00\x00\x00\x00"},
	{"six.astype('uint32')", "six", "\x93NUMPY\x01\x00v\x00{'descr': '<u4', 'fortran_order': False, 'shape': (2, 3), }                                                          \n\x01\x00\x00\x00\x02\x00\x00\x00\x03\x00\x00\x00\x04\x00\x00\x00\x05\x00\x00\x00\x06\x00\x00\x00"},
	{"six.astype('uint16')", "six", "\x93NUMPY\x01\x00v\x00{'descr': '<u2', 'fortran_order': False, 'shape': (2, 3), }                                                          \n\x01\x00\x02\x00\x03\x00\x04\x00\x05\x00\x06\x00"},
	{"six.astype('uint8')", "six", "\x93NUMPY\x01\x00v\x00{'descr': '|u1', 'fortran_order': False, 'shape': (2, 3), }                                                          \n\x01\x02\x03\x04\x05\x06"},
	{"six.astype('>f8')", "six", "\x93NUMPY\x01\x00v\x00{'descr': '>f8', 'fortran_order': False, 'shape': (2, 3), }                                                          \n?\xf0\x00\x00\x00\x00\x00\x00@\x00\x00\x00\x00\x00\x00\x00@\x08\x00\x00\x00\x00\x00\x00@\x10\x00\x00\x00\x00\x00\x00@\x14\x00\x00\x00\x00\x00\x00@\x18\x00\x00\x00\x00\x00\x00"},
	{"six.astype('>f4')", "six", "\x93NUMPY\x01\x00v\x00{'descr': '>f4', 'fortran_order': False, 'shape': (2, 3), }                                                          \n?\x80\x00\x00@\x00\x00\x00@@\x00\x00@\x80\x00\x00@\xa0\x00\x00@\xc0\x00\x00"},
	{"six.astype('>f2')", "six", "\x93NUMPY\x01\x00v\x00{'descr': '>f2', 'fortran_order': False, 'shape': (2, 3), }                                                          \n<\x00@\x00B\x00D\x00E\x00F\x00"},
	{"six.astype('>i8')", "six", "\x93NUMPY\x01\x00v\x00{'descr': '>i8', 'fortran_order': False, 'shape': (2, 3), }                                                          \n\x00\x00\x00\x00\x00\x00\x00\x01\x00\x00\x00\x00\x00\x00\x00\x02\x00\x00\x00\x00\x00\x00\x00\x03\x00\x00\x00\x00\x00\x00\x00\x04\x00\x00\x00\x00\x00\x00\x00\x05\x00\x00\x00\x00\x00\x00\x00\x06"},
	{"six.astype('>u2')", "six", "\x93NUMPY\x01\x00v\x00{'descr': '>u2', 'fortran_order': False, 'shape': (2, 3), }                                                          \n\x00\x01\x00\x02\x00\x03\x00\x04\x00\x05\x00\x06"},
	{"numpy.asfortranarray(six * 1.0)", "six", "\x93NUMPY\x01\x00v\x00{'descr': '<f8', 'fortran_order': True, 'shape': (2, 3), }                                                           \n\x00\x00\x00\x00\x00\x00\xf0?\x00\x00\x00\x00\x00\x00\x10@\x00\x00\x00\x00\x00\x00\x00@\x00\x00\x00\x00\x00\x00\x14@\x00\x00\x00\x00\x00\x00\x08@\x00\x00\x00\x00\x00\x00\x18@"},
	{"numpy.asfortranarray(six.astype('>i4'))", "six", "\x93NUMPY\x01\x00v\x00{'descr': '>i4', 'fortran_order': True, 'shape': (2, 3), }                                                           \n\x00\x00\x00\x01\x00\x00\x00\x04\x00\x00\x00\x02\x00\x00\x00\x05\x00\x00\x00\x03\x00\x00\x00\x06"},
	{"six * 1.0, version (2, 0)", "six", "\x93NUMPY\x02\x00t\x00\x00\x00{'descr': '<f8', 'fortran_order': False, 'shape': (2, 3), }                                                        \n\x00\x00\x00\x00\x00\x00\xf0?\x00\x00\x00\x00\x00\x00\x00@\x00\x00\x00\x00\x00\x00\x08@\x00\x00\x00\x00\x00\x00\x10@\x00\x00\x00\x00\x00\x00\x14@\x00\x00\x00\x00\x00\x00\x18@"},
	{"six * 1.0, version (3, 0)", "six", "\x93NUMPY\x03\x00t\x00\x00\x00{'descr': '<f8', 'fortran_order': False, 'shape': (2, 3), }                                                        \n\x00\x00\x00\x00\x00\x00\xf0?\x00\x00\x00\x00\x00\x00\x00@\x00\x00\x00\x00\x00\x00\x08@\x00\x00\x00\x00\x00\x00\x10@\x00\x00\x00\x00\x00\x00\x14@\x00\x00\x00\x00\x00\x00\x18@"},
	{"numpy.arange(1, 7, dtype='f4')", "line", "\x93NUMPY\x01\x00v\x00{'descr': '<f4', 'fortran_order': False, 'shape': (6,), }                                                            \n\x00\x00\x80?\x00\x00\x00@\x00\x00@@\x00\x00\x80@\x00\x00\xa0@\x00\x00\xc0@"},
	{"numpy.array(0.1)", "scalar", "\x93NUMPY\x01\x00v\x00{'descr': '<f8', 'fortran_order': False, 'shape': (), }                                                              \n\x9a\x99\x99\x99\x99\x99\xb9?"},
	{"six % 2 == 1", "odd", "\x93NUMPY\x01\x00v\x00{'descr': '|b1', 'fortran_order': False, 'shape': (2, 3), }                                                          \n\x01\x00\x01\x00\x01\x00"},
}

// numpyArchive is the file, in base64, that numpy.savez_compressed writes of
//
//	K = numpy.array([[2, 1], [1, 3]], dtype='f4'), lr = 0.1, steps = numpy.int64(1000),
//	big = numpy.array([1, 2**53 + 1]), name = 'run 7', layers = numpy.array([784, 256]),
//	z = numpy.array([1 + 2j]), obj = numpy.array([{'a': 1}], dtype=object),
//	cube = numpy.zeros((2, 2, 2)), none = numpy.zeros((0, 3)),
//	day = numpy.array(['2024-01-01'], dtype='M8[D]'),
//	rec = numpy.array([(1, 2.0)], dtype=[('é', 'i4'), ('b', 'f8')])
const numpyArchive = `
UEsDBBQAAAAIAAAAIQD8BlgDUgAAAJAAAAAFABQASy5ucHkBABAAkAAAAAAAAABSAAAAAAAAAJvsF+obEMnIUMZQrZ6SWpxcpG6l
oG6TZqKuo6Cell9UUpSYF59flJIKEndLzClOBYoXZyQWpAL5GkY6CkaaOgq1CmQDLgYGBgcGhgZ7CHZwAABQSwMEFAAAAAgAAAAh
AAC8DhJIAAAAiAAAAAYAFABsci5ucHkBABAAiAAAAAAAAABIAAAAAAAAAJvsF+obEMnIUMZQrZ6SWpxcpG6loG6TZqGuo6Cell9U
UpSYF59flJIKEndLzClOBYoXZyQWpAL5Gpo6CrUKFAGuWTNBYKc9AFBLAwQUAAAACAAAACEAc5XoB0cAAACIAAAACQAUAHN0ZXBz
Lm5weQEAEACIAAAAAAAAAEcAAAAAAAAAm+wX6hsQychQxlCtnpJanFykbqWgbpNpoa6joJ6WX1RSlJgXn1+UkgoSd0vMKU4Fihdn
JBakAvkamjoKtQoUAa4XzAxgAABQSwMEFAAAAAgAAAAhAE3fF/JLAAAAkAAAAAcAFABiaWcubnB5AQAQAJAAAAAAAAAASwAAAAAA
AACb7BfqGxDJyFDGUK2eklqcXKRupaBuk2mhrqOgnpZfVFKUmBefX5SSChJ3S8wpTgWKF2ckFqQC+RpGOpo6CrUKFAAuRgYIgNAK
DABQSwMEFAAAAAgAAAAhAG9sbT5QAAAAlAAAAAgAFABuYW1lLm5weQEAEACUAAAAAAAAAFAAAAAAAAAAm+wX6hsQychQxlCtnpJa
nFykbqWgbhNqqq6joJ6WX1RSlJgXn1+UkgoSd0vMKU4FihdnJBakAvkamjoKtQoUAa4iBgaGUiDOA2IFIDYHYgBQSwMEFAAAAAgA
AAAhALM1fFRLAAAAkAAAAAoAFABsYXllcnMubnB5AQAQAJAAAAAAAAAASwAAAAAAAACb7BfqGxDJyFDGUK2eklqcXKRupaBuk2mh
rqOgnpZfVFKUmBefX5SSChJ3S8wpTgWKF2ckFqQC+RpGOpo6CrUKFAAuAWYGCGCEUABQSwMEFAAAAAgAAAAhAFA/cuBNAAAAkAAA
AAUAFAB6Lm5weQEAEACQAAAAAAAAAE0AAAAAAAAAm+wX6hsQychQxlCtnpJanFykbqWgbpNsaKauo6Cell9UUpSYF59flJIKknBL
zClOBYoXZyQWpAL5GoY6mjoKtQrkAy4GMPhgD6EZHABQSwMEFAAAAAgAAAAhAAMyIdPUAAAAJwEAAAcAFABvYmoubnB5AQAQACcB
AAAAAAAA1AAAAAAAAACb7BfqGxDJyFDGUK2eklqcXKRupaBe46+uo6Cell9UUpSYF59flJIKEnZLzClOBYoXZyQWpAL5GoY6mjoK
tQqUAK4G5uS80tyCSr3k/KJUvdzSnJLMxKKixEqu+KLU5Py84pKi0uQSrkIGiCquvBSIbCGjN0NrIZMzY1Ihc3shS1Ahq4Y3ozdj
ayEbVGFKSWVBKlchewQTAwODv0UhR2dHeyFnUCGXhjdzBCNQrKaQ28/Pz+s/EIAJb/uSQp6kzthC3tpCPrCKxEJ+b8bixJJCgSQ9
AFBLAwQUAAAACAAAACEAEqyuyUoAAADAAAAACAAUAGN1YmUubnB5AQAQAMAAAAAAAAAASgAAAAAAAACb7BfqGxDJyFDGUK2eklqc
XKRupaBuk2ahrqOgnpZfVFKUmBefX5SSChJ3S8wpTgWKF2ckFqQC+RpGOgogpKmjUKtAHuBioBAAAFBLAwQUAAAACAAAACEAWPtg
+EYAAACAAAAACAAUAG5vbmUubnB5AQAQAIAAAAAAAAAARgAAAAAAAACb7BfqGxDJyFDGUK2eklqcXKRupaBuk2ahrqOgnpZfVFKU
mBefX5SSChJ3S8wpTgWKF2ckFqQC+RoGOgrGmjoKtQpkAy4AUEsDBBQAAAAIAAAAIQCnJ+t1TAAAAIgAAAAHABQAZGF5Lm5weQEA
EACIAAAAAAAAAEwAAAAAAAAAm+wX6hsQychQxlCtnpJanFykbqWgbuNrEe0Sq66joJ6WX1RSlJgXn1+UkgqSckvMKU4FihdnJBak
AvkahjqaOgq1CuQCLm5fBjAAAFBLAwQUAAAACAAAACEAvce/B1oAAACMAAAABwAUAHJlYy5ucHkBABAAjAAAAAAAAABaAAAAAAAA
AJvsF+obEMnIUMZQrZ6SWpxcpG6lEK2h/lJdR0HdJtNEXVNHQUM9CcxLs1DXjAUy0vKLSooS8+Lzi1JSQcrdEnOKU4HixRmJBalA
voahDlBXrQIxgIuRAQ4cAFBLAQIUAxQAAAAIAAAAIQD8BlgDUgAAAJAAAAAFAAAAAAAAAAAAAACAAQAAAABLLm5weVBLAQIUAxQA
AAAIAAAAIQAAvA4SSAAAAIgAAAAGAAAAAAAAAAAAAACAAYkAAABsci5ucHlQSwECFAMUAAAACAAAACEAc5XoB0cAAACIAAAACQAA
AAAAAAAAAAAAgAEJAQAAc3RlcHMubnB5UEsBAhQDFAAAAAgAAAAhAE3fF/JLAAAAkAAAAAcAAAAAAAAAAAAAAIABiwEAAGJpZy5u
cHlQSwECFAMUAAAACAAAACEAb2xtPlAAAACUAAAACAAAAAAAAAAAAAAAgAEPAgAAbmFtZS5ucHlQSwECFAMUAAAACAAAACEAszV8
VEsAAACQAAAACgAAAAAAAAAAAAAAgAGZAgAAbGF5ZXJzLm5weVBLAQIUAxQAAAAIAAAAIQBQP3LgTQAAAJAAAAAFAAAAAAAAAAAA
AACAASADAAB6Lm5weVBLAQIUAxQAAAAIAAAAIQADMiHT1AAAACcBAAAHAAAAAAAAAAAAAACAAaQDAABvYmoubnB5UEsBAhQDFAAA
AAgAAAAhABKsrslKAAAAwAAAAAgAAAAAAAAAAAAAAIABsQQAAGN1YmUubnB5UEsBAhQDFAAAAAgAAAAhAFj7YPhGAAAAgAAAAAgA
AAAAAAAAAAAAAIABNQUAAG5vbmUubnB5UEsBAhQDFAAAAAgAAAAhAKcn63VMAAAAiAAAAAcAAAAAAAAAAAAAAIABtQUAAGRheS5u
cHlQSwECFAMUAAAACAAAACEAvce/B1oAAACMAAAABwAAAAAAAAAAAAAAgAE6BgAAcmVjLm5weVBLBQYAAAAADAAMAH8CAADNBgAA
AAA=
`
